//! The shapes of Fly's identifiers.

use crate::{catalog::REGIONS, ulid::DIGITS};

pub(super) fn machine(id: &str) -> Result<(), String> {
    let hex = |one: u8| one.is_ascii_digit() || (b'a'..=b'f').contains(&one);
    shape(
        id,
        id.len() == 14 && id.bytes().all(hex),
        "no machine identifier; it is 14 hexadecimal digits in lower case",
    )
}

pub(super) fn version(id: &str) -> Result<(), String> {
    shape(
        id,
        id.len() == 26 && id.bytes().all(|one| DIGITS.contains(&one)),
        "no version of a machine; it is a ULID: 26 digits and capitals without I, L, O and U",
    )
}

pub(super) fn allocation(id: &str) -> Result<(), String> {
    let parts: Vec<&str> = id.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let hex = parts.iter().all(|part| part.bytes().all(|one| one.is_ascii_hexdigit()));
    shape(id, lengths == [8, 4, 4, 4, 12] && hex, "no allocation identifier; it is a UUID")
}

pub(super) fn private_ip(address: &str) -> Result<(), String> {
    let read: Result<std::net::Ipv6Addr, _> = address.parse();
    let inside = read.is_ok_and(|address| address.segments()[0] == 0xfdaa);
    shape(address, inside, "no private address; it is an IPv6 address that begins with fdaa:")
}

pub(super) fn address(address: &str) -> Result<(), String> {
    shape(
        address,
        address.parse::<std::net::IpAddr>().is_ok(),
        "no IP address; it is written like 66.241.124.63",
    )
}

pub(super) fn app(name: &str) -> Result<(), String> {
    let letters = name.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'-');
    let edges = !name.starts_with('-') && !name.ends_with('-');
    shape(
        name,
        !name.is_empty() && name.len() <= 63 && letters && edges,
        "no name of an app; it is up to 63 letters in lower case, digits and dashes",
    )
}

pub(super) fn error_code(code: &str) -> Result<(), String> {
    let code_is = code.as_bytes();
    let fits = code_is.len() == 4
        && code_is[0] == b'P'
        && code_is[1].is_ascii_uppercase()
        && code_is[2..].iter().all(u8::is_ascii_digit);
    shape(code, fits, "no code of Fly's proxy; it is written like PC01")
}

pub(super) fn region(code: &str) -> Result<(), String> {
    if REGIONS.iter().any(|region| region.code == code) {
        return Ok(());
    }
    let codes: Vec<&str> = REGIONS.iter().map(|region| region.code).collect();
    Err(format!("`{code}` is no region; there are: {}", codes.join(", ")))
}

fn shape(text: &str, fits: bool, what: &str) -> Result<(), String> {
    if fits { Ok(()) } else { Err(format!("`{text}` is {what}")) }
}
