//! Made-up identifiers with the shape of Fly's: the same text always gives the same one.

/// The digits of a ULID (Crockford's base 32): no I, L, O and U.
pub(crate) const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A well mixed number from a number (splitmix64's finish).
pub(crate) fn mixed(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn hash(text: &str) -> u64 {
    let fnv = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mixed(fnv)
}

/// 26 digits, as a machine's version has them.
pub(crate) fn of(text: &str) -> String {
    let (high, low) = (hash(text), hash(&format!("{text}/")));
    let digit = |place: u32| {
        let bits = if place < 12 { high >> (5 * place) } else { low >> (5 * (place - 12)) };
        char::from(DIGITS[usize::try_from(bits & 31).unwrap_or(0)])
    };
    // The time of a ULID made in autumn of 2021 begins like this.
    std::iter::once("01FG").flat_map(str::chars).chain((0..22).map(digit)).collect()
}

/// An address in an organization's private network.
pub(crate) fn private_ip(text: &str) -> String {
    let bits = hash(text);
    let part = |place: u32| (bits >> (16 * place)) & 0xffff;
    format!("fdaa:0:1:a7b:{:x}:{:x}:{:x}:2", part(0), part(1), part(2))
}
