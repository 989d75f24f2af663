//! The content security policy, with a nonce of each response's own.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::middleware::Next;
use axum::response::Response;
use std::fmt::Write as _;

/// The nonce that the scripts of this response carry.
#[derive(Clone)]
pub struct CspNonce(pub String);

/// Makes a nonce, hands it to the handler and sets the policy.
pub async fn apply(mut request: Request, next: Next) -> Response {
    let mut bytes = [0_u8; 16];
    let random = getrandom::fill(&mut bytes).is_ok();
    let nonce = bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    request.extensions_mut().insert(CspNonce(nonce.clone()));
    let mut response = next.run(request).await;
    // Without randomness no inline script is allowed: the page then works without script.
    let nonce = if random { format!(" 'nonce-{nonce}'") } else { String::new() };
    if let Ok(value) = HeaderValue::from_str(&policy(&nonce)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, value);
    }
    response
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         object-src 'none'"
    )
}
