//! Files in a ZIP archive, found by the compiler (APPNOTE.TXT, version 6.3.10).

use bytes::Bytes;

/// A file in an archive.
pub(super) struct Entry {
    /// The index of its first compressed byte.
    start: usize,
    /// The number of compressed bytes.
    pub(super) packed: usize,
    /// The number of bytes, modulo 2^32.
    length: u32,
    /// The CRC-32 of the bytes.
    checksum: u32,
}

/// The methods run in the compiler, where a panic is an error of the build.
impl Entry {
    /// The only file whose path ends in `suffix`.
    pub(super) const fn find(archive: &[u8], suffix: &[u8]) -> Self {
        // Section 4.3.16: the end of the central directory is the end of the archive, but for a
        // comment.
        let mut end = archive.len() - 22;
        while number(archive, end, 4) != 0x0605_4b50 {
            end -= 1;
        }
        let entries = number(archive, end + 10, 2);
        let mut header = number(archive, end + 16, 4);
        let mut found = None;
        let mut index = 0;
        while index < entries {
            // Section 4.3.12: the headers of the central directory.
            assert!(
                number(archive, header, 4) == 0x0201_4b50,
                "a header starts here"
            );
            let name = header + 46;
            let name_length = number(archive, header + 28, 2);
            if ends_with(archive, name, name_length, suffix) {
                assert!(found.is_none(), "one file has this name");
                found = Some(header);
            }
            let extra = number(archive, header + 30, 2);
            let comment = number(archive, header + 32, 2);
            header = name + name_length + extra + comment;
            index += 1;
        }
        let header = found.expect("the archive has the file");
        assert!(number(archive, header + 10, 2) == 8, "the file is deflated");
        // Section 4.3.7: the header of the file, whose extra field has a length of its own.
        let local = number(archive, header + 42, 4);
        let start = local + 30 + number(archive, local + 26, 2) + number(archive, local + 28, 2);
        Self {
            start,
            packed: number(archive, header + 20, 4),
            length: word(archive, header + 24),
            checksum: word(archive, header + 16),
        }
    }

    /// The compressed bytes. `N` is [`packed`](Self::packed).
    pub(super) const fn bytes<const N: usize>(&self, archive: &[u8]) -> [u8; N] {
        let (_, rest) = archive.split_at(self.start);
        *rest.first_chunk().expect("the archive has all bytes")
    }

    /// The file in the format of gzip, which is the same with another frame (RFC 1952).
    pub(super) fn gzip(&self, deflated: &[u8]) -> Bytes {
        const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        let trailer = [self.checksum.to_le_bytes(), self.length.to_le_bytes()].concat();
        [&HEADER, deflated, &trailer].concat().into()
    }
}

/// The number in `length` bytes, the least significant first.
const fn number(bytes: &[u8], start: usize, length: usize) -> usize {
    let mut number = 0;
    let mut index = length;
    while index > 0 {
        index -= 1;
        number = (number << 8) | bytes[start + index] as usize;
    }
    number
}

/// The number in four bytes, the least significant first.
const fn word(bytes: &[u8], start: usize) -> u32 {
    let (_, rest) = bytes.split_at(start);
    u32::from_le_bytes(*rest.first_chunk().expect("there are four bytes"))
}

const fn ends_with(bytes: &[u8], start: usize, length: usize, suffix: &[u8]) -> bool {
    if length < suffix.len() {
        return false;
    }
    let start = start + length - suffix.len();
    let mut index = suffix.len();
    while index > 0 {
        index -= 1;
        if bytes[start + index] != suffix[index] {
            return false;
        }
    }
    true
}
