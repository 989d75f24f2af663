//! When a macaroon ends, as it says itself.
//!
//! Source: Fly's macaroon library (github.com/superfly/macaroon). A macaroon is base64 of
//! `MessagePack`: an array of nonce, location, caveats and tail; the caveats are an array in which
//! each number of a type is followed by its body. Type 4 is the validity window, an array of the
//! first and the last second (Unix time, UTC). Windows nested in conditional caveats are not read.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const VALIDITY_WINDOW: i128 = 4;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The last second of the macaroon, in seconds of Unix time; none where it has no end or cannot be
/// read, which is for Fly to judge. `encoded` has no prefix.
pub(super) fn last_second(encoded: &str) -> Option<i64> {
    let bytes = BASE64.decode(encoded).ok()?;
    let mut reader = Reader(&bytes);
    if reader.array()? < 3 {
        return None;
    }
    reader.skip()?;
    reader.skip()?;
    let caveats = reader.array()? / 2;
    let mut last: Option<i64> = None;
    for _ in 0..caveats {
        if reader.integer()? == VALIDITY_WINDOW {
            let until = window_end(&mut reader)?;
            last = Some(last.map_or(until, |known| known.min(until)));
        } else {
            reader.skip()?;
        }
    }
    last
}

fn window_end(reader: &mut Reader<'_>) -> Option<i64> {
    let fields = reader.array()?;
    if fields < 2 {
        return None;
    }
    reader.integer()?;
    let until = i64::try_from(reader.integer()?).ok()?;
    for _ in 2..fields {
        reader.skip()?;
    }
    Some(until)
}

/// As much of `MessagePack` as is needed here. None is the end of the bytes, or another kind of value
/// than was asked for.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn pass(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.get(bytes..)?;
        Some(())
    }

    /// An unsigned number of 1, 2, 4 or 8 bytes, big-endian.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let read = self.0.get(..bytes)?;
        self.0 = &self.0[bytes..];
        Some(read.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn length(&mut self, bytes: usize) -> Option<usize> {
        usize::try_from(self.number(bytes)?).ok()
    }

    fn array(&mut self) -> Option<usize> {
        match self.byte()? {
            marker @ 0x90..=0x9f => Some(usize::from(marker & 0x0f)),
            0xdc => self.length(2),
            0xdd => self.length(4),
            _ => None,
        }
    }

    fn integer(&mut self) -> Option<i128> {
        let marker = self.byte()?;
        match marker {
            0x00..=0x7f => Some(i128::from(marker)),
            0xe0..=0xff => Some(i128::from(marker) - 256),
            0xcc..=0xcf => Some(i128::from(self.number(1 << (marker - 0xcc))?)),
            0xd0..=0xd3 => {
                let bytes = 1_usize << (marker - 0xd0);
                let bits = i128::from(self.number(bytes)?);
                let whole = 1_i128 << (8 * bytes);
                Some(if bits >= whole / 2 { bits - whole } else { bits })
            }
            _ => None,
        }
    }

    /// Passes over one value, with all that is nested in it. Not recursive: a macaroon comes from
    /// anywhere, and its nesting must not decide how deep the stack gets.
    fn skip(&mut self) -> Option<()> {
        let mut left = 1_usize;
        while left > 0 {
            left = left - 1 + self.skip_head()?;
        }
        Some(())
    }

    /// Passes over a value up to the values nested in it, and tells how many those are.
    fn skip_head(&mut self) -> Option<usize> {
        let marker = self.byte()?;
        let bytes = match marker {
            0x80..=0x8f => return Some(2 * usize::from(marker & 0x0f)),
            0x90..=0x9f => return Some(usize::from(marker & 0x0f)),
            0xdc => return self.length(2),
            0xdd => return self.length(4),
            0xde => return self.length(2)?.checked_mul(2),
            0xdf => return self.length(4)?.checked_mul(2),
            0xa0..=0xbf => usize::from(marker & 0x1f),
            0xc4 | 0xd9 => self.length(1)?,
            0xc5 | 0xda => self.length(2)?,
            0xc6 | 0xdb => self.length(4)?,
            0xc7 => self.length(1)?.checked_add(1)?,
            0xc8 => self.length(2)?.checked_add(1)?,
            0xc9 => self.length(4)?.checked_add(1)?,
            0xcc | 0xd0 => 1,
            0xcd | 0xd1 => 2,
            0xca | 0xce | 0xd2 => 4,
            0xcb | 0xcf | 0xd3 => 8,
            0xd4..=0xd8 => (1 << (marker - 0xd4)) + 1,
            0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => 0,
            0xc1 => return None,
        };
        self.pass(bytes).map(|()| 0)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A macaroon with the given caveats, without its prefix.
    pub(crate) fn macaroon(caveats: &[&[u8]]) -> String {
        let mut bytes = vec![0x94];
        bytes.extend([0x93, 0xc4, 2, 7, 7, 0xc4, 1, 9, 0xc2]); // nonce: key id, random bytes, no proof
        bytes.extend([0xa3, b'f', b'l', b'y']); // location
        bytes.push(0x90 + 2 * u8::try_from(caveats.len()).unwrap());
        bytes.extend(caveats.concat());
        bytes.extend([0xc4, 2, 1, 2]); // tail
        BASE64.encode(bytes)
    }

    pub(crate) fn window(until: u32) -> Vec<u8> {
        [&[4, 0x92, 0x00, 0xce][..], &until.to_be_bytes()].concat()
    }

    #[test]
    fn a_window_between_other_caveats_is_found() {
        let organization = [0, 0x92, 0xcd, 0x30, 0x39, 31];
        let if_present = [13, 0x92, 0x92, 2, 0x81, 0xa1, b'v', 1, 0xc0];
        let encoded = macaroon(&[&organization, &if_present, &window(1_700_000_000)]);
        assert_eq!(last_second(&encoded), Some(1_700_000_000));
        assert_eq!(last_second(encoded.trim_end_matches('=')), Some(1_700_000_000));
    }

    #[test]
    fn of_several_windows_the_first_to_close_counts() {
        let encoded = macaroon(&[&window(1_700_000_000), &window(1_600_000_000)]);
        assert_eq!(last_second(&encoded), Some(1_600_000_000));
    }

    #[test]
    fn a_macaroon_without_a_window_has_no_end() {
        assert_eq!(last_second(&macaroon(&[])), None);
        assert_eq!(last_second(&macaroon(&[&[5, 0xd1, 0xff, 0x00]])), None);
    }

    #[test]
    fn an_end_may_be_any_integer() {
        for (written, end) in [
            (&[0x7f][..], 127),
            (&[0xcc, 200], 200),
            (&[0xcf, 0, 0, 0, 1, 0, 0, 0, 0], 1 << 32),
            (&[0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -1),
            (&[0xe0], -32),
        ] {
            let caveat = [&[4, 0x92, 0x00][..], written].concat();
            assert_eq!(last_second(&macaroon(&[&caveat])), Some(end), "{written:x?}");
        }
    }

    #[test]
    fn what_is_no_macaroon_has_no_end_and_never_panics() {
        for text in ["", "!", "AAAA", "lJPE", "3f////8=", "3d3d3d3d3d3d3d3d"] {
            assert_eq!(last_second(text), None, "{text}");
        }
        let good = BASE64.decode(macaroon(&[&window(1_700_000_000)])).unwrap();
        for end in 0..good.len() {
            for byte in 0..=255 {
                let mut bytes = good.clone();
                bytes[end] = byte;
                let _ = last_second(&BASE64.encode(&bytes));
                let _ = last_second(&BASE64.encode(&bytes[..end]));
            }
        }
        // Arrays in arrays, deeper than any stack.
        let deep = [vec![0x94], vec![0x91; 40_000]].concat();
        assert_eq!(last_second(&BASE64.encode(deep)), None);
    }
}
