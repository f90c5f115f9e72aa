// swift-tools-version: 6.0
// The house: one target a room, arrows one way. See ARCHITECTURE.md.
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
        room("Bicker", ["UPS"]),
        room("Decision", ["UPS"]),
        room("Monitoring", ["UPS", "Bicker", "Decision"]),
        room("Report", ["UPS"]),
        room("NUT", ["UPS", "Report"]),
        room("Simulator", ["UPS", "Bicker"]),
        .systemLibrary(name: "CLibConfig", pkgConfig: "libconfig"),
        .systemLibrary(name: "CWebSockets", pkgConfig: "libwebsockets"),
        .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "CSystem"),
        room("Platform", ["UPS", "CSystem"]),
        room("Host", ["UPS", "Platform", "CSystem"]),
        room("SerialLine", ["Platform"]),
        room("Records", ["UPS", "Decision", "Report", "Platform", "Host", "CSystem"]),
        room("Poweroff", ["UPS", "Bicker", "Platform", "Host", "SerialLine", "CSystem"]),
        room(
            "Loop",
            ["UPS", "Monitoring", "Report", "Platform", "SerialLine", "Records", "Poweroff"]),
        room(
            "Console",
            [
                "UPS", "Report", "Configuration", "Platform", "Host", "CSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        room("Configuration", ["UPS", "CLibConfig"]),
        room("Web", ["UPS", "Report", "NUT", "Platform", "CWebSockets", "CZlib"]),
        room("MQTT", ["UPS", "Report", "Platform", "CMosquitto"]),
        .executableTarget(
            name: "Daemon",
            dependencies: [
                "UPS", "Bicker", "Decision", "Monitoring", "Report", "Simulator", "CSystem",
                "Platform", "Host", "SerialLine", "Records", "Poweroff", "Loop", "Console",
                "Configuration", "Web", "MQTT", "NUT",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        // Of `make bench`: many publishers on one broker.
        .executableTarget(
            name: "Fleet", dependencies: ["UPS", "MQTT"], path: "Tests/Benchmarks/Fleet",
            swiftSettings: strict),
        test("UPSTests", ["UPS", "Bicker", "Decision", "Monitoring"]),
        test("ReportTests", ["UPS", "Report", "NUT"]),
        test("SimulatorTests", ["UPS", "Bicker", "Simulator"]),
        test("ConfigurationTests", ["UPS", "Configuration"]),
        test("WebTests", ["UPS", "Report", "NUT", "Web", "CZlib"]),
        test("MQTTTests", ["UPS", "Report", "MQTT"]),
        test(
            "DaemonTests",
            [
                "UPS", "Bicker", "Decision", "Monitoring", "Report", "Simulator", "Configuration",
                "Platform", "Host", "SerialLine", "Records", "Poweroff", "Loop", "Console",
                "NUT", "Daemon",
            ]),
        test("SimulationTests", ["UPS", "Bicker", "Decision", "Monitoring", "Simulator"]),
        test("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)

// Of `make fuzz`: the main function is libFuzzer's.
if Context.environment["UPS_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: ["UPS", "Bicker", "Decision", "Report", "NUT", "Configuration", "Web"],
            path: "Tests/Fuzzing/Fuzz", swiftSettings: strict))
}
