import Testing

@testable import StandIn

@Suite("JSON of the stand-in")
struct JSONTests {
    @Test(
        "what is read is written again, members in their order and numbers with their digits",
        arguments: [
            #"{"b":1,"a":[true,false,null],"n":0.10000000,"e":-1.5e+10,"s":"x\"\\y"}"#, "[]", "{}", "\"\"", "12",
            #"[{"a":{}}]"#,
        ])
    func roundTrip(_ text: String) throws {
        #expect(try #require(JSONParser.value(text)).text == text)
    }

    @Test("escapes are read")
    func escapes() {
        #expect(JSONParser.value(#""\u00e4\ud83d\ude00\n\/""#)?.string == "ä😀\n/")
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "nul", "\"a", "\"\\x\"", "[1] 2", "\"\\ud800\"",
            "{a:1}", "'a'", "\"\u{1}\"",
        ])
    func refusals(_ text: String) { #expect(JSONParser.value(text) == nil) }

    @Test("depth is bounded")
    func depth() {
        #expect(JSONParser.value(String(repeating: "[", count: 31) + String(repeating: "]", count: 31)) != nil)
        #expect(JSONParser.value(String(repeating: "[", count: 100_000)) == nil)
    }
}
