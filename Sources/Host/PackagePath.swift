// Where the Debian package has its files: what the units of the package and this program agree on.

public enum PackagePath {
    public static let configuration = "/etc/default/ups-server.cfg"
    public static let runtimeFolder = "/run/ups-server"
}
