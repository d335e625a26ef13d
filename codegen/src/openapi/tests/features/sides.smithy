$version: "2.0"

namespace demo

use alloy#discriminated
use alloy#openEnum
use aws.protocols#restJson1

@restJson1
service Demo { version: "1", operations: [Get, Put] }

@http(method: "POST", uri: "/{mode}")
operation Put {
    input := {
        @required
        @httpLabel
        mode: Mode

        @httpQuery("modes")
        modes: Modes

        settings: Settings
        choice: Choice
        described: Described
        plain: Plain
        open: Open
        sent: Sent
        other: ModeRequest
    }
    output := {
        @httpHeader("X-Mode")
        mode: Mode

        settings: Settings
        choice: Choice
        described: Described
        plain: Plain
        open: Open
    }
}

@http(method: "GET", uri: "/")
@readonly
operation Get { output := { level: Level } }

enum Mode { ON, OFF }

intEnum Level {
    LOW = 1
}

/// Servers accept other values.
@openEnum
enum Open { YES, NO }

list Modes { member: Mode }

map Levels { key: Mode, value: Level }

structure Settings {
    modes: Modes
    levels: Levels
    nested: Settings

    /// The first.
    mode: Mode = "ON"
}

union Choice { mode: Mode, plain: Plain }

@discriminated("kind")
union Described { settings: Settings, plain: Plain }

/// The same on both sides.
structure Plain { text: String, open: Open }

/// Only in requests.
structure Sent { mode: Mode }

/// Has the name that the schema of `Mode` in requests would have.
structure ModeRequest { text: String }
