import Bytes
import Market
import Trading

extension VenueLevel: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(price)
        for number in [told, shown, taken] { writer.signed(number) }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let price = try reader.value(Price.self)
        let (told, shown, taken) = (try reader.signed(), try reader.signed(), try reader.signed())
        guard price.mantissa > 0, told >= 0, shown >= 0, taken >= 0 else {
            throw reader.malformed("a level of a book has less than nothing")
        }
        self.init(price: price, told: told, shown: shown, taken: taken)
    }
}

extension DisplayImage: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(instrument)
        writer.value(book.time)
        writer.array(book.bids)
        writer.array(book.asks)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        instrument = try reader.value()
        let time = try reader.value(Timestamp.self)
        let bids = try reader.array(VenueLevel.self)
        book = VenueBook(time: time, bids: bids, asks: try reader.array())
    }
}

extension QueueImage: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.signed(place.ahead)
        writer.signed(place.seen)
        writer.byte((place.isPlaced ? 1 : 0) | (place.isClear ? 2 : 0))
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        order = try reader.value()
        let (ahead, seen) = (try reader.signed(), try reader.signed())
        let flags = try reader.byte()
        guard flags < 4, ahead >= 0, seen >= 0 else { throw reader.malformed("there is no such place in a queue") }
        place = QueuePlace(ahead: ahead, seen: seen, isPlaced: flags & 1 != 0, isClear: flags & 2 != 0)
    }
}
