//! Reading a body up to a limit, counted after decompression: a small compressed body may unfold
//! into a large one.

use super::classify::network_detail;
use crate::error::FlyError;
use reqwest::Response;

/// Of an error's body no more is read: it is only looked at for a message.
pub(super) const LONGEST_ERROR: usize = 16 * 1024;

/// A body that was not read to its end.
pub(super) struct Unread {
    /// What was read.
    pub(super) so_far: Vec<u8>,
    why: Why,
}

enum Why {
    TooLarge,
    Broken(reqwest::Error),
}

impl Unread {
    pub(super) fn into_error(self, limit: usize, request_id: Option<String>) -> FlyError {
        match self.why {
            Why::TooLarge => FlyError::TooLarge { limit, request_id },
            Why::Broken(error) if error.is_timeout() => FlyError::Timeout,
            Why::Broken(error) => FlyError::BrokenOff { detail: network_detail(error), request_id },
        }
    }
}

pub(super) async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, Unread> {
    let mut so_far = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(so_far),
            Ok(Some(chunk)) if so_far.len() + chunk.len() <= limit => so_far.extend_from_slice(&chunk),
            Ok(Some(_)) => return Err(Unread { so_far, why: Why::TooLarge }),
            Err(error) => return Err(Unread { so_far, why: Why::Broken(error) }),
        }
    }
}
