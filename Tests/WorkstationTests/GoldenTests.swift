import Foundation
import Terminal
import Testing

@testable import Workstation

/// Pictures kept as text: the characters, and below them the styles as letters with a legend.
enum Golden {
    /// The package's root folder.
    static let root: String = {
        var path = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while path.path != "/",
            !FileManager.default.fileExists(atPath: path.appendingPathComponent("Package.swift").path)
        {
            path = path.deletingLastPathComponent()
        }
        return path.path
    }()

    /// Whether pictures are written instead of compared.
    static var isUpdating: Bool { ProcessInfo.processInfo.environment["WICK_UPDATE_GOLDENS"] == "1" }

    /// Compares a picture with the one that is kept, or keeps it.
    static func check(_ canvas: Canvas, _ name: String) throws {
        let path = "\(root)/Tests/Goldens/\(name).txt"
        let text = canvas.text() + "\n\n" + canvas.styleText() + "\n"
        if isUpdating {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        #expect(kept == text, "\(name) looks different.\n--- kept\n\(kept)\n--- now\n\(text)")
    }
}

@Suite("The screen looks as it did")
struct GoldenTests {
    static let ascii: Theme = {
        var theme = Theme.mono.adapted(to: .none)
        theme.glyphs = .ascii
        theme.borders = .ascii
        return theme
    }()

    static let themes: [(String, Theme)] = [
        ("default", .standard), ("mono", Theme.mono.adapted(to: .none)), ("ascii", ascii),
    ]

    @Test("at four sizes and in three themes", arguments: [(80, 24), (120, 40), (200, 60), (60, 20)])
    func sizes(width: Int, height: Int) throws {
        for (name, theme) in GoldenTests.themes {
            var session = Session(width, height)
            session.steps("6j")
            try Golden.check(session.screen(theme), "screen-\(width)x\(height)-\(name)")
        }
    }

    @Test(
        "with a dialog, a question or a banner over it",
        arguments: [
            ("ticket", "<ctrl-t>o<tab><tab>0.1"),
            ("ticket-trailing", "<ctrl-t>o<tab><space><space><space><tab>0.05<tab>150"), ("close", "<ctrl-t>4x"),
            ("palette", ":close"), ("help", "6?"),
            ("order", "5jjj<enter>"), ("parameters", "6e<backspace>12"), ("emergency", "<ctrl-x>"), ("quit", "q"),
            ("themes", "T"), ("alerts", "7"),
        ])
    func overlays(name: String, keys: String) throws {
        var session = Session(100, 30)
        session.steps(keys)
        try Golden.check(session.screen(), "overlay-\(name)")
    }

    @Test("in ASCII shows nothing but ASCII, whatever is open")
    func asciiIsASCII() {
        for keys in [
            "", "6", "4", "5", "7", "w", "?", ":c", "T", "6e", "<ctrl-t>o", "5<enter>", "<ctrl-x>", "p", "pp", "ppp",
            "9", "`", "2", "3", "M",
        ] {
            for (width, height) in [(80, 24), (120, 40), (200, 60), (60, 20), (20, 5)] {
                var session = Session(width, height)
                session.view.borders = .ascii
                session.steps(keys)
                let text = session.screen(GoldenTests.ascii).text()
                let odd = text.unicodeScalars.filter { !$0.isASCII }
                #expect(odd.isEmpty, "\(keys) at \(width)×\(height): \(String(String.UnicodeScalarView(odd)))")
            }
        }
    }

    @Test("never cuts a price, a quantity or an amount")
    func neverCutsNumbers() {
        let price = "63672.0"
        for width in 20...200 {
            var session = Session(width, 24)
            session.steps("4")
            let lines = session.screen().text().split(separator: "\n")
            for line in lines where line.contains("BTC/USDT") {
                // Wherever a part of the price stands, the whole of it does.
                for word in line.split(separator: " ") where word.hasPrefix("6367") {
                    #expect(word.hasPrefix(price), "\(width): \(line)")
                }
            }
        }
    }
}
