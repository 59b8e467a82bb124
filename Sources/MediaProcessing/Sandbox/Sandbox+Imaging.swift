extension Sandbox {
    /// The command that becomes a warm image worker, for ``ImagingPool/Configuration``.
    ///
    /// It gets no file by name: inputs and outputs come as descriptors. Its processor time is that of all the images of
    /// its life; the time of one image is bounded by the pool.
    package var imagingCommand: [String] {
        let limits = DecoderLimits(
            wallClock: .zero, cpuSeconds: 3600, memoryBytes: 4 << 30, outputBytes: 1 << 30, openFiles: 64)
        return commandLine(
            DecoderCommand(program: tools.imaging, arguments: ["serve"], input: nil, output: nil, limits: limits))
    }
}
