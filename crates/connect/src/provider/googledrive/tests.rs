//! Refusals of Google Drive, and what they mean.

use serde_json::json;

use super::*;

fn verdict(status: u16, reason: &str) -> Verdict {
    let body = json!({"error": {"code": status, "message": "Said.", "errors": [{"domain": "global", "reason": reason, "message": "Said."}]}});
    let body = if reason == "no JSON" { "<html>blocked</html>".to_owned() } else { body.to_string() };
    judge(&Refusal { status, retry_after: None, media_type: "application/json".to_owned(), body: body.into_bytes() })
}

/// Limits come as 403 like refusals for good; only the reason tells them apart.
#[test]
fn a_403_is_told_by_its_reason() {
    use FailureCode::{
        Gone, NotFound, ProviderDisconnected, ProviderPermission, ServerError, TooLarge, UnsupportedType,
    };
    let cases = [
        (403, "rateLimitExceeded", None),
        (403, "userRateLimitExceeded", None),
        (429, "rateLimitExceeded", None),
        (429, "", None),
        (403, "forbidden", Some(ProviderPermission)),
        (403, "insufficientFilePermissions", Some(ProviderPermission)),
        (403, "cannotDownloadFile", Some(ProviderPermission)),
        (403, "domainPolicy", Some(ProviderPermission)),
        (403, "accessNotConfigured", Some(ProviderDisconnected)),
        (403, "insufficientPermissions", Some(ProviderDisconnected)),
        (403, "fileNotDownloadable", Some(UnsupportedType)),
        (403, "exportSizeLimitExceeded", Some(TooLarge)),
        (404, "notFound", Some(NotFound)),
        (410, "gone", Some(Gone)),
        (400, "invalid", Some(ServerError)),
    ];
    for (status, reason, expected) in cases {
        match (verdict(status, reason), expected) {
            (Verdict::TooOften(said), None) => assert_eq!(said, "Said."),
            (Verdict::Final(code, said), Some(expected)) => {
                assert_eq!(code, expected, "{status} {reason}");
                assert!(said.starts_with("Said."), "{said}");
            }
            (other, _) => panic!("{status} {reason}: {other:?}"),
        }
    }
    assert_eq!(verdict(401, "authError"), Verdict::NoProof("Said.".to_owned()));
    for (status, reason) in [(500, "internalError"), (503, "backendError"), (403, "no JSON"), (404, "no JSON")] {
        assert!(matches!(verdict(status, reason), Verdict::Passing(_)), "{status} {reason}");
    }
}
