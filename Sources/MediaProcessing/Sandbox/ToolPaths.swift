import SystemPackage

/// Where the programs are that processing starts.
package struct ToolPaths: Sendable, Equatable {
    /// `ROOST_FFMPEG`: the decoder and encoder.
    package var ffmpeg = "/usr/bin/ffmpeg"
    /// `ROOST_FFPROBE`: the prober.
    package var ffprobe = "/usr/bin/ffprobe"
    /// `ROOST_BWRAP`: bubblewrap.
    package var bubblewrap = "/usr/bin/bwrap"
    /// `ROOST_LAUNCHER`: our launcher, `roost-sandbox`.
    package var launcher: String
    /// `ROOST_IMAGING`: our image worker, `roost-imaging`.
    package var imaging: String

    /// Makes the paths of a distribution's tools and of our programs in one folder.
    ///
    /// - Parameter folder: the folder that `roost` itself lies in.
    package init(programsIn folder: String) {
        self.launcher = "\(folder)/roost-sandbox"
        self.imaging = "\(folder)/roost-imaging"
    }

    /// Makes the paths that the environment names; our programs are otherwise beside the running one.
    ///
    /// - Parameter environment: the server's environment; empty values count as absent.
    package init(environment: [String: String]) {
        func set(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : FilePath.absolute($0) }
        }
        ffmpeg = set("ROOST_FFMPEG") ?? ffmpeg
        ffprobe = set("ROOST_FFPROBE") ?? ffprobe
        bubblewrap = set("ROOST_BWRAP") ?? bubblewrap
        launcher = set("ROOST_LAUNCHER") ?? HelperExecutable.sandbox.path(environment: [:])?.string ?? "roost-sandbox"
        imaging = set("ROOST_IMAGING") ?? HelperExecutable.imaging.path(environment: [:])?.string ?? "roost-imaging"
    }
}
