//! What a status that is no page means for the document.

use model::{Failure, FailureCode, WebUrl};
use reqwest::StatusCode;

use crate::fault::shown;

/// The failure for an answer that is neither a page, a redirect nor "not modified".
pub fn failure_of(status: StatusCode, url: &WebUrl) -> Failure {
    let (code, mend) = match status.as_u16() {
        204 | 205 => (FailureCode::EmptyContent, "there is nothing to read"),
        // 206 and 304 answer questions that were not asked; 1xx and the rest of 3xx answer none.
        100..400 => (FailureCode::ServerError, "that is no answer to a plain request"),
        401 => (FailureCode::AuthRequired, "the page wants a login; only public pages can be imported"),
        400 | 404 | 414 => (FailureCode::NotFound, "check the address in a browser"),
        407 => (FailureCode::Forbidden, "the outgoing proxy wants a login; check the proxy setting"),
        408 | 425 => (FailureCode::Timeout, "the site gave up waiting"),
        410 => (FailureCode::Gone, "the page was removed for good"),
        421 => (FailureCode::Connect, "the connection led to the wrong server"),
        429 => (FailureCode::RateLimited, "the site asks for fewer requests"),
        451 => (FailureCode::Forbidden, "the page is withheld for legal reasons"),
        500..600 => (FailureCode::ServerError, "the site has a fault of its own"),
        _ => (FailureCode::Forbidden, "the site refuses the request"),
    };
    Failure::new(code, format!("{} answered {status}: {mend}", shown(url)))
}

#[cfg(test)]
mod tests {
    use FailureCode as Code;

    use super::*;

    #[test]
    fn every_status_has_one_meaning() {
        let cases: [(&[u16], Code); 13] = [
            (&[204, 205], Code::EmptyContent),
            (&[101, 206, 304, 306], Code::ServerError),
            (&[400, 404, 414], Code::NotFound),
            (&[401], Code::AuthRequired),
            (&[402, 403, 405, 406, 418, 422], Code::Forbidden),
            (&[407, 451], Code::Forbidden),
            (&[408, 425], Code::Timeout),
            (&[410], Code::Gone),
            (&[421], Code::Connect),
            (&[429], Code::RateLimited),
            (&[500, 502, 503, 504, 599], Code::ServerError),
            (&[600, 999], Code::Forbidden),
            (&[409, 423, 424, 431], Code::Forbidden),
        ];
        let url = WebUrl::parse("https://example.com/page?token=secret").unwrap();
        for (statuses, code) in cases {
            for status in statuses {
                let failure = failure_of(StatusCode::from_u16(*status).unwrap(), &url);
                assert_eq!(failure.code, code, "{status}");
                assert!(failure.text.contains(&status.to_string()), "{failure}");
                assert!(!failure.text.contains("secret"), "{failure}");
            }
        }
    }
}
