//! A document judges requests and answers; every kind of wrong is found, and what is right passes.

use axum::http::Request as Incoming;
use bytes::Bytes;
use serde_json::json;

use super::*;
use crate::provider::exchange::{Delivery, Exchange};

fn contract() -> Contract {
    Contract::new(json!({
        "openapi": "3.0.3",
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}, "pair": {"type": "http", "scheme": "basic"}},
            "parameters": {"version": {
                "name": "Version", "in": "header", "required": true, "schema": {"type": "string", "enum": ["2"]},
            }},
            "schemas": {
                "size": {"type": "integer", "minimum": 1, "maximum": 100},
                "page": {
                    "type": "object", "required": ["id", "title"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid"}, "title": {"type": "string", "nullable": true},
                    },
                },
                "error": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
            },
        },
        "paths": {
            "/pages/{id}": {
                "parameters": [{"$ref": "#/components/parameters/version"}, {"name": "id", "in": "path", "required": true}],
                "get": {
                    "parameters": [
                        {"name": "size", "in": "query", "schema": {"$ref": "#/components/schemas/size"}},
                        {"name": "fields", "in": "query", "explode": false, "schema":
                            {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}},
                        {"name": "deep", "in": "query", "schema": {"type": "boolean"}},
                    ],
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/page"}}}},
                        "4XX": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}}},
                    },
                },
            },
            "/pages/new": {"get": {"responses": {"204": {}}}},
            "/token": {"post": {
                "security": [{"pair": []}],
                "requestBody": {"required": true, "content": {
                    "application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["grant"]}},
                    "application/json": {"schema": {"type": "object", "required": ["grant"]}},
                }},
                "responses": {"200": {"content": {"text/*": {}}}},
            }},
        },
    }))
}

const ID: &str = "00000000-0000-4000-8000-000000000000";

fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let request = Incoming::builder().method(method).uri(target);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Request::new(request.body(()).unwrap().into_parts().0, Bytes::from(body.to_owned()))
}

fn texts(violations: &[Violation], side: Side) -> String {
    assert!(violations.iter().all(|violation| violation.side == side), "{violations:?}");
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Method, path, headers, body, and the complaint.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn requests_are_held_to_the_document() {
    let bearer = ("authorization", "Bearer t");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let (json, pair) = (("content-type", "application/json"), ("authorization", "Basic YTpi"));
    let version = ("version", "2");
    let cases: [Case<'_>; 18] = [
        ("GET", "/pages/1", &[bearer, version], "", ""),
        ("GET", "/pages/1?size=100&fields=a,b&deep=true", &[bearer, version], "", ""),
        ("GET", "/pages/1?size=101", &[bearer, version], "", "`size` at ``: 101 is greater than the maximum"),
        ("GET", "/pages/1?size=many", &[bearer, version], "", "`size` at ``: \"many\" is not of type"),
        ("GET", "/pages/1?fields=a,c", &[bearer, version], "", "`fields` at `/1`"),
        ("GET", "/pages/1?deep=1", &[bearer, version], "", "`deep` at ``"),
        ("GET", "/pages/1?sise=1", &[bearer, version], "", "no query parameter `sise`"),
        ("GET", "/pages/1", &[bearer], "", "`Version` is missing"),
        ("GET", "/pages/1", &[bearer, ("version", "1")], "", "`Version` at ``"),
        ("GET", "/pages/1", &[version], "", "none of the credentials"),
        ("GET", "/pages/1", &[version, pair], "", "none of the credentials"),
        ("GET", "/pages/", &[bearer], "", "no operation"),
        ("DELETE", "/pages/1", &[bearer], "", "no operation"),
        ("GET", "/pages/new", &[bearer], "", ""),
        ("POST", "/token", &[pair, form], "grant=a", ""),
        ("POST", "/token", &[pair, json], "{\"grant\":1}", ""),
        ("POST", "/token", &[pair, json], "{}", "\"grant\" is a required property"),
        ("POST", "/token", &[pair], "grant=a", "none of its media types"),
    ];
    let contract = contract();
    for (method, target, headers, body, expected) in cases {
        let found = texts(&contract.check_request(&request(method, target, headers, body)), Side::Request);
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{method} {target}: {found}");
    }
    let lenient = contract.with_query(&["sise"]);
    assert_eq!(lenient.check_request(&request("GET", "/pages/1?sise=1", &[bearer, version], "")), []);
}

#[test]
fn replies_are_held_to_the_document() {
    let page = json!({"id": ID, "title": null});
    let error = json!({"code": "gone"});
    let cases = [
        ("GET /pages/1", Reply::json(200, &page), ""),
        ("GET /pages/1", Reply::json(200, &json!({"id": "1", "title": "x"})), "at `/id`"),
        ("GET /pages/1", Reply::json(200, &json!({"id": ID})), "\"title\" is a required property"),
        ("GET /pages/1", Reply::json(200, &json!({"id": ID, "title": 1})), "at `/title`"),
        ("GET /pages/1", Reply::new(200, "text/html", "<p>"), "`text/html` is none of its media types"),
        ("GET /pages/1", Reply::new(200, "application/json", "{"), "is not JSON"),
        ("GET /pages/1", Reply::json(404, &error), ""),
        ("GET /pages/1", Reply::json(404, &json!({})), "\"code\" is a required property"),
        ("GET /pages/1", Reply::json(202, &page), "knows no such status"),
        ("GET /pages/1", Reply::json(500, &json!({})), ""),
        ("GET /pages/new", Reply::empty(204), ""),
        ("GET /pages/new", Reply::json(204, &page), "where the document has none"),
        ("POST /token", Reply::new(200, "text/plain; charset=utf-8", "x"), ""),
        ("GET /elsewhere", Reply::json(200, &page), ""),
    ];
    let contract = contract();
    for (asked, reply, expected) in cases {
        let (method, target) = asked.split_once(' ').unwrap();
        let found = texts(&contract.check_reply(&request(method, target, &[], ""), &reply), Side::Reply);
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{asked} {reply:?}: {found}");
    }
    let contract = contract.with_statuses(&[206]).with_errors(json!({"$ref": "#/components/schemas/error"}));
    let asked = request("GET", "/pages/1", &[], "");
    assert_eq!(contract.check_reply(&asked, &Reply::new(206, "text/plain", "part")), []);
    assert_eq!(contract.check_reply(&asked, &Reply::json(500, &error)), []);
    assert_eq!(contract.check_reply(&asked, &Reply::json(500, &json!({}))).len(), 1);
    assert_eq!(contract.check_reply(&asked, &Reply::new(503, "text/html", "<p>")), []);
}

#[test]
#[should_panic(expected = "1 violations")]
fn a_wrong_answer_fails_the_test() {
    let headers = [("authorization", "Bearer t"), ("version", "2")];
    let request = request("GET", "/pages/1", &headers, "");
    let reply = Some(Reply::json(200, &json!({"id": ID})));
    contract().must_hold(&[Exchange { request, reply, delivery: Delivery::Whole }]);
}
