//! Prints the OpenAPI document: `cargo run -p web --example openapi > docs/openapi.json`.

fn main() {
    print!("{}", web::openapi_json());
}
