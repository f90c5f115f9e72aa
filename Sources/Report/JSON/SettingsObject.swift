// The settings of the UPS as JSON, a part of the status object.

import UPS

enum SettingsObject {
    /// Null: this UPS has none, or they are not known yet.
    static func json(_ settings: [SettingName: Setting]) -> JSON {
        guard !settings.isEmpty else { return .null }
        return .object(
            SettingName.allCases.compactMap { name in
                settings[name].map { (name.rawValue, object($0, unit: name.unit)) }
            })
    }

    private static func object(_ setting: Setting, unit: String) -> JSON {
        .object([
            ("value", .integer(setting.value)), ("enabled", .bool(setting.isEnabled)),
            ("minimum", .integer(setting.minimum)), ("maximum", .integer(setting.maximum)),
            ("standard", .integer(setting.default)), ("unit", .string(unit)),
        ])
    }
}
