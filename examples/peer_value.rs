//! A peer for `benches/ratios.rs`: reads a file into a `serde_json::Value`.

fn main() {
    let name = std::env::args().nth(1).expect("a file name");
    let text = std::fs::read(name).expect("the file can be read");
    let value: serde_json::Value = serde_json::from_slice(&text).expect("the file is JSON");
    println!("{}", value.as_object().map_or(0, serde_json::Map::len));
}
