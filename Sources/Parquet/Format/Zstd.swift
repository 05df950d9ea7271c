import Bytes
import CZstd

/// Packs pages with zstd, one frame a page, with its checksum.
final class ZstdPacker {
    private let context: OpaquePointer?

    /// The level that zstd itself takes when none is named.
    static let level: Int32 = 3

    init() {
        context = ZSTD_createCCtx()
        guard let context else { return }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZstdPacker.level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// The bytes, packed.
    ///
    /// - Returns: `nil` when there is no memory for it.
    func packed(_ bytes: [UInt8]) -> [UInt8]? {
        guard let context else { return nil }
        var result = 0
        let packed = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { target, count in
            result = bytes.withUnsafeBytes { source in
                ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count)
            }
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        return ZSTD_isError(result) == 0 ? packed : nil
    }
}

/// Unpacks pages of zstd.
enum Zstd {
    /// The bytes of a page.
    ///
    /// - Parameter size: how many there have to be.
    /// - Throws: `MalformedBytes` when the frames are damaged or of another size.
    static func unpacked(_ page: ArraySlice<UInt8>, size: Int) throws(MalformedBytes) -> [UInt8] {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { target, count in
            result = page.withUnsafeBytes { source in
                ZSTD_decompress(target.baseAddress, size, source.baseAddress, source.count)
            }
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        guard ZSTD_isError(result) == 0 else {
            throw MalformedBytes("zstd: \(String(cString: ZSTD_getErrorName(result)))", at: 0)
        }
        guard result == size else {
            throw MalformedBytes("\(result) unpacked bytes, and \(size) were announced", at: 0)
        }
        return bytes
    }
}
