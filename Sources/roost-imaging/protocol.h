/// Roost's two helper programs, `roost-imaging` and `roost-sandbox`, and how to talk to them.
///
/// They are two because of what they load: `roost-imaging` needs libvips and the hundred libraries behind it (some
/// 65 ms of dynamic linking), `roost-sandbox` stands in front of every ffmpeg and ffprobe as well and needs libc only
/// (under 2 ms).
///
///
/// # `roost-sandbox`: limit this process, then become another program
///
///     roost-sandbox launch [options] -- PROGRAM [ARGUMENT]...
///
///     --cpu SECONDS        RLIMIT_CPU: SIGXCPU at SECONDS, SIGKILL two seconds later
///     --memory BYTES       RLIMIT_AS: address space, not resident memory
///     --file-size BYTES    RLIMIT_FSIZE: of one written file
///     --open-files N       RLIMIT_NOFILE
///     --nice N             0 … 19
///     --parent PID         refuse to start when PID is no longer the parent (not inside a pid namespace)
///     --seccomp decoder    no network, no new process, no way to reach another process (roost-sandbox/seccomp.c)
///     --landlock-ro PATH   repeatable; with any --landlock-* option everything not named is out of reach
///     --landlock-rw PATH   repeatable; Landlock is refused with 125 when the kernel has none
///
/// Always: RLIMIT_CORE 0, no_new_privs, SIGKILL when the parent dies, descriptors above 2 closed. PROGRAM is looked up
/// in PATH when it has no slash. The environment passes unchanged. Exit status: that of PROGRAM, or 125 with one line
/// on stderr, `roost-sandbox: STEP: REASON`, when PROGRAM was not started.
///
/// "The parent" is the *thread* that spawned the launcher (prctl(2), PR_SET_PDEATHSIG): spawn from one that lives on.
///
///     roost-sandbox check
///
/// prints `seccomp=yes|no landlock=ABI userns=yes|no` (ABI 0: none; userns: an unprivileged mount namespace, which
/// is what bubblewrap needs) and exits 0.
///
///
/// # `roost-imaging serve`: a warm image worker
///
/// Descriptor 0 is one end of a `socketpair(AF_UNIX, SOCK_SEQPACKET)`; the server holds the other. One packet is one
/// message, ASCII lines that end in `\n`, at most IMAGING_MESSAGE_MAX bytes. The worker speaks first:
///
///     ready 1                                    warm and locked: from here on it can open nothing
///
/// A request carries descriptors (SCM_RIGHTS): the input, readable and seekable, then one writable empty file for each
/// `rendition` line, in order. The worker closes them all before it answers.
///
///     image FORMAT MAX_PIXELS                    FORMAT: jpeg png webp gif tiff bmp; chosen by the server's sniffing
///     rendition ENCODING QUALITY WIDTH HEIGHT    ENCODING: jpeg png webp; fits inside WIDTH × HEIGHT, never enlarged
///     …                                          1 … IMAGING_RENDITIONS_MAX lines; QUALITY 1 … 100, unused for png
///
/// The answer is
///
///     ok WIDTH HEIGHT BLURHASH                   of the upright image
///     rendition WIDTH HEIGHT BYTES               one for each asked, same order
///     …
///
/// or
///
///     error CODE MESSAGE                         MESSAGE: printable ASCII, at most IMAGING_REASON_MAX bytes
///
///     truncated     the file ends before the image does
///     corrupt       the bytes are not a valid image of FORMAT
///     unsupported   a valid file of a kind not decoded here
///     too_large     more than MAX_PIXELS
///     memory        an allocation failed
///     internal      bad request, output not writable, or a fault of ours
///
/// After an error the outputs hold nothing of use. The worker goes on to the next request; end of file ends it with
/// status 0. Status 70 and one line on stderr: it could not start.
///
/// Outputs are upright, 8 bit, sRGB (or its grey) and carry no metadata at all, not even a profile. Only the first
/// frame or page of a file is read.
#ifndef ROOST_IMAGING_PROTOCOL_H
#define ROOST_IMAGING_PROTOCOL_H

#define IMAGING_MESSAGE_MAX 2048
#define IMAGING_RENDITIONS_MAX 8
#define IMAGING_REASON_MAX 200

#endif
