import Engine
import Terminal
import Testing

@testable import Workstation

@Suite("Forms")
struct FormLayerTests {
    /// A form that has much to say of its one value.
    private struct Explained: FormModel {
        let title = "A form"
        let submitLabel = "Run"
        let fields = [FormField("name", "Name", .text)]
        let words: String

        func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
            var review = FormReview()
            review.preview = [.init("About", words)]
            return review
        }

        func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] { [] }
    }

    @Test func `what a form says of its values goes on in the next line instead of ending at the frame`() {
        let words = "Buys when the fast simple moving average of the closes rises above the slow one"
        var canvas = Canvas(size: Size(width: 60, height: 20), fill: Cell(" ", style: Theme.standard[.background]))
        let context = PaneContext(
            snapshot: Fixture.snapshot(), view: ViewState(), theme: .standard, isFocused: true, now: Fixture.now,
            statistics: FrameStatistics())
        FormLayer(Explained(words: words), context.snapshot).draw(into: &canvas, context, BindingTable())
        let shown = canvas.text().split(separator: "\n").flatMap { line in
            line.split(separator: " ").map(String.init).filter { words.contains($0) && $0.count > 1 }
        }
        #expect(shown == words.split(separator: " ").map(String.init))
    }
}
