import Testing

@testable import Parquet

/// Files that others wrote, read back.
@Suite struct GoldenFileTests {
    /// Three rows, written by hand after the format and read by Arrow C++.
    static let plain = hex(
        """
        504152311500153015302c150615001506150600000068e5cf8b0100006052e6cf8b010000c03ce7cf8b0100001500153415
        342c1506150015061506000006000000020102000201000000000020594000000000005059401500152a152a2c1506150015
        06150600000300000042544303000000425443030000004554481504194c4806736368656d61150600150425001802747325
        124c8c111c1c0000000000150a25021802707800150c2500180373796d25004c1c0000001606191c193c26001c1504192500
        061918027473150016061652165226083c36002808c03ce7cf8b01000018080068e5cf8b01000000000026001c150a192500
        0619180270781500160616561656265a3c3602280800000000005059401808000000000020594000000026001c150c192500
        0619180373796d15001606164c164c26b0013c36002803455448180342544300000016f40116060028086d696e6920312e30
        193c1c00001c00001c000000ec00000050415231
        """)

    @Test("A small file written by hand is read")
    func plainFile() throws {
        let file = try ParquetFile(ParquetSource(Self.plain))
        #expect(file.rowCount == 3)
        #expect(file.columns.map(\.name) == ["ts", "px", "sym"])
        #expect(file.columns[0].meaning == .timestamp(.milliseconds, isUTC: true))
        #expect(file.columns.map(\.isOptional) == [false, true, false])
        #expect(
            try all(file, 0) == ColumnValues(.integers([1_700_000_000_000, 1_700_000_060_000, 1_700_000_120_000])))
        #expect(try all(file, 1) == ColumnValues(.doubles([100.5, 0, 101.25]), isPresent: [true, false, true]))
        #expect(try all(file, 2) == ColumnValues(.bytes([text("BTC"), text("BTC"), text("ETH")])))
    }
}
