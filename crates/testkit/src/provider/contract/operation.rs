//! Operations: which of them a request is for, and what it promises.

use axum::http::Method;
use serde_json::Value;

use super::document::resolved;
use super::media::Body;
use super::parameter::Parameters;
use crate::provider::exchange::Request;

/// One method of one path.
pub struct Operation {
    method: Method,
    segments: Vec<Segment>,
    pub security: Security,
    pub parameters: Parameters,
    pub body: Option<Body>,
    /// The `content` of the document by status: a number, `4XX` or `default`.
    replies: Vec<(String, Value)>,
}

enum Segment {
    Fixed(String),
    Placeholder,
}

/// The ways to authenticate, one of which is enough. None asked for is none needed.
pub struct Security(Vec<Scheme>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Bearer,
    Basic,
    Nothing,
}

/// Every operation of a document.
pub fn all(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            // What is no method beside them, such as `parameters`, has no answers.
            let methods = methods.filter(|(_, operation)| operation["responses"].is_object());
            methods.map(|(method, operation)| Operation::read(document, path, item, method, operation))
        })
        .collect()
}

impl Operation {
    fn read(document: &Value, path: &str, item: &Value, method: &str, operation: &Value) -> Self {
        let segments = path.trim_start_matches('/').split('/').map(Segment::read).collect();
        let security = operation.get("security").or(document.get("security"));
        let body = operation.get("requestBody").map(|body| resolved(document, body));
        let replies = operation["responses"].as_object().into_iter().flatten();
        let replies = replies.map(|(status, reply)| (status.clone(), resolved(document, reply)["content"].clone()));
        Self {
            method: method.to_ascii_uppercase().parse().expect("documents use real methods"),
            segments,
            security: Security::read(document, security),
            parameters: Parameters::read(document, &item["parameters"], &operation["parameters"]),
            body: body.map(|body| Body { is_required: body["required"] == true, contents: body["content"].clone() }),
            replies: replies.collect(),
        }
    }

    pub fn fits(&self, request: &Request) -> bool {
        let segments = request.segments();
        let same = |(own, given): (&Segment, &&str)| match own {
            Segment::Fixed(text) => text == given,
            Segment::Placeholder => !given.is_empty(),
        };
        self.method == request.method
            && self.segments.len() == segments.len()
            && self.segments.iter().zip(&segments).all(same)
    }

    pub fn placeholders(&self) -> usize {
        self.segments.iter().filter(|segment| matches!(segment, Segment::Placeholder)).count()
    }

    /// The documented contents of an answer with this status.
    pub fn reply(&self, status: u16) -> Option<&Value> {
        let names = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
        names.iter().find_map(|name| {
            let found = self.replies.iter().find(|(status, _)| status.eq_ignore_ascii_case(name));
            found.map(|(_, contents)| contents)
        })
    }
}

impl Segment {
    fn read(text: &str) -> Self {
        if text.starts_with('{') && text.ends_with('}') { Self::Placeholder } else { Self::Fixed(text.to_owned()) }
    }
}

impl Security {
    fn read(document: &Value, alternatives: Option<&Value>) -> Self {
        let scheme = |alternative: &Value| {
            let name = alternative.as_object().and_then(|names| names.keys().next());
            name.map_or(Scheme::Nothing, |name| {
                let scheme = &document["components"]["securitySchemes"][name];
                if scheme["scheme"] == "basic" { Scheme::Basic } else { Scheme::Bearer }
            })
        };
        Self(alternatives.and_then(Value::as_array).into_iter().flatten().map(scheme).collect())
    }

    pub fn complaint(&self, request: &Request) -> Vec<String> {
        let is_met = |scheme: &Scheme| match scheme {
            Scheme::Bearer => request.bearer().is_some(),
            Scheme::Basic => request.basic().is_some(),
            Scheme::Nothing => true,
        };
        let is_well = self.0.is_empty() || self.0.iter().any(is_met);
        if is_well { Vec::new() } else { vec!["it carries none of the credentials that are asked for".to_owned()] }
    }
}
