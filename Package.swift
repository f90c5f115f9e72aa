// swift-tools-version: 6.0
// The house: one target a room, arrows one way. See README.md, "How the code is laid out".
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func test(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "ups-server",
    products: [.executable(name: "ups-server", targets: ["Daemon"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        room("UPS"),
        room("Report", ["UPS"]),
        room("Simulator", ["UPS"]),
        .systemLibrary(name: "CLibConfig", pkgConfig: "libconfig"),
        .systemLibrary(name: "CWebSockets", pkgConfig: "libwebsockets"),
        .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "CSystem"),
        room("Configuration", ["UPS", "CLibConfig"]),
        room("Web", ["UPS", "Report", "CWebSockets", "CZlib"]),
        room("MQTT", ["UPS", "Report", "CMosquitto"]),
        .executableTarget(
            name: "Daemon",
            dependencies: [
                "UPS", "Report", "Simulator", "CSystem", "Configuration", "Web", "MQTT",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        // Of `make bench`: many publishers on one broker.
        .executableTarget(
            name: "Fleet", dependencies: ["UPS", "MQTT"], path: "Tests/Benchmarks/Fleet",
            swiftSettings: strict),
        test("UPSTests", ["UPS"]),
        test("ReportTests", ["UPS", "Report"]),
        test("SimulatorTests", ["UPS", "Simulator"]),
        test("ConfigurationTests", ["UPS", "Configuration"]),
        test("WebTests", ["UPS", "Report", "Web", "CZlib"]),
        test("MQTTTests", ["UPS", "Report", "MQTT"]),
        test("DaemonTests", ["UPS", "Report", "Simulator", "Configuration", "Daemon"]),
        test("SimulationTests", ["UPS", "Simulator"]),
        test("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)

// Of `make fuzz`: the main function is libFuzzer's.
if Context.environment["UPS_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["UPS", "Report", "Configuration", "Web"],
            path: "Tests/Fuzzing/Fuzz", swiftSettings: strict))
}
