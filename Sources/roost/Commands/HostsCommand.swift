import ArgumentParser

/// The command `roost hosts`.
struct HostsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "Print how clients that have X's addresses built in reach a local server.",
        discussion: """
            Prints lines for the hosts file and the commands that make a certificate authority of your own and a \
            certificate for X's names. It changes nothing itself. While the lines stand in the hosts file this machine does \
            not reach X.
            """)

    /// The hosts that clients have built in: the API, its older name, uploads under both names, and where people sign in.
    static let names = ["api.x.com", "api.twitter.com", "upload.x.com", "upload.twitter.com", "x.com", "twitter.com"]

    @Option(help: "The address of the server.")
    var address = "127.0.0.1"

    @Option(help: "The folder for keys and certificates, which the printed commands make.")
    var folder = "roost-ca"

    func validate() throws {
        let allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_/~-"
        for text in [address, folder] where text.isEmpty || !text.allSatisfy({ allowed.contains($0) }) {
            throw ValidationError("\(text) cannot stand in a command as it is; use letters, digits and . : _ / ~ -")
        }
    }

    func run() {
        print(Self.text(address: address, folder: folder))
    }

    /// The whole text: a shell script whose lines with a meaning outside of the folder are comments.
    static func text(address: String, folder: String) -> String {
        let subjects = names.map { "DNS:\($0)" }.joined(separator: ",")
        return """
            # 1. A certificate authority that can vouch for X's names only, and a certificate for them.
            mkdir -p \(folder) && chmod 700 \(folder)
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \\
              -keyout \(folder)/ca.key -out \(folder)/ca.pem -subj "/CN=Roost local authority" \\
              -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \\
              -addext "nameConstraints=critical,permitted;DNS:x.com,permitted;DNS:twitter.com"
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \\
              -keyout \(folder)/server.key -out \(folder)/server.csr -subj "/CN=\(names[0])"
            printf '%s\\n' "subjectAltName=\(subjects)" "extendedKeyUsage=serverAuth" \\
              "basicConstraints=critical,CA:FALSE" > \(folder)/server.ext
            openssl x509 -req -in \(folder)/server.csr -CA \(folder)/ca.pem -CAkey \(folder)/ca.key -CAcreateserial \\
              -days 825 -extfile \(folder)/server.ext -out \(folder)/server.pem

            # 2. The server, on the port that the clients have built in (443 needs root, or: setcap cap_net_bind_service=+ep).
            #   roost serve --host \(address) --port 443 --external-url https://\(names[0]) \\
            #     --tls-cert \(folder)/server.pem --tls-key \(folder)/server.key

            # 3. The names, as lines of /etc/hosts. While they are there, this machine does not reach X.
            #   \(address) \(names.joined(separator: " "))

            # 4. The clients' trust, for one shell. Take ca.key away from the machine, or erase it, when you are done.
            #   export SSL_CERT_FILE=$PWD/\(folder)/ca.pem          # OpenSSL, Go, curl
            #   export REQUESTS_CA_BUNDLE=$PWD/\(folder)/ca.pem     # Python's requests: xdk, tweepy
            #   export NODE_EXTRA_CA_CERTS=$PWD/\(folder)/ca.pem    # Node
            """
    }
}
