//! Published models for tests: the specs' own files on Glue joined into one Smithy AST, and that in botocore's form.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use glueproof::model::embedded_files;
use serde_json::{Map, Value, json};

/// One AST of all shapes of the specs, with traits that no strict reader would take.
pub fn smithy() -> Value {
    let mut shapes = Map::new();
    for file in embedded_files().unwrap().into_iter().filter(|file| is_shapes(&file.path)) {
        let document: Value = serde_json::from_str(&file.text).unwrap();
        shapes.extend(
            document["shapes"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())),
        );
    }
    shapes["com.amazonaws.glue#NameString"]["traits"]["example#unknown"] = json!({});
    json!({ "smithy": "2.0", "metadata": {}, "shapes": shapes })
}

fn is_shapes(path: &str) -> bool {
    path.starts_with("glue/") && std::path::Path::new(path).extension().is_some_and(|end| end == "json")
}

/// A shape of the AST.
pub fn shape<'m>(model: &'m mut Value, name: &str) -> &'m mut Value {
    &mut model["shapes"][format!("com.amazonaws.glue#{name}")]
}

/// The same in botocore's form.
pub fn botocore(smithy: &Value) -> Value {
    let (mut operations, mut shapes) = (Map::new(), Map::new());
    for (id, shape) in smithy["shapes"].as_object().unwrap() {
        let name = simple(id);
        match shape["type"].as_str().unwrap() {
            "operation" => {
                let errors = shape["errors"].as_array().into_iter().flatten().map(reference);
                let operation = json!({
                    "name": name, "input": reference(&shape["input"]), "output": reference(&shape["output"]),
                    "errors": errors.collect::<Vec<_>>(),
                });
                operations.insert(name.to_owned(), operation);
            }
            "service" | "resource" => {}
            kind => {
                shapes.insert(name.to_owned(), flat(kind, shape));
            }
        }
    }
    json!({ "version": "2.0", "metadata": {}, "operations": operations, "shapes": shapes })
}

fn simple(id: &str) -> &str {
    id.rsplit('#').next().unwrap()
}

fn reference(to: &Value) -> Value {
    json!({ "shape": simple(to["target"].as_str().unwrap()) })
}

fn flat(kind: &str, shape: &Value) -> Value {
    let members = || shape["members"].as_object().into_iter().flatten();
    let mut flat = json!({ "type": if kind == "enum" { "string" } else { kind } });
    match kind {
        "enum" => {
            let value = |(_, m): (&String, &Value)| m["traits"]["smithy.api#enumValue"].clone();
            flat["enum"] = members().map(value).collect();
        }
        "list" => flat["member"] = reference(&shape["member"]),
        "map" => {
            flat["key"] = reference(&shape["key"]);
            flat["value"] = reference(&shape["value"]);
        }
        "structure" => {
            flat["members"] = members().map(|(name, m)| (name.clone(), reference(m))).collect();
            let required = members().filter(|(_, m)| m["traits"].get("smithy.api#required").is_some());
            flat["required"] = required.map(|(name, _)| json!(name)).collect();
        }
        _ => {}
    }
    for (name, value) in shape["traits"].as_object().into_iter().flatten() {
        match name.as_str() {
            "smithy.api#length" | "smithy.api#range" => {
                let limits = value.as_object().unwrap();
                flat.as_object_mut().unwrap().extend(limits.iter().map(|(k, v)| (k.clone(), v.clone())));
            }
            "smithy.api#pattern" => {
                let written = value.as_str().unwrap();
                let bare = written.strip_prefix('^').and_then(|rest| rest.strip_suffix('$'));
                flat["pattern"] = json!(bare.unwrap_or(written));
            }
            "smithy.api#error" => {
                flat["exception"] = json!(true);
                flat["fault"] = json!(value == "server");
            }
            _ => {}
        }
    }
    flat
}

pub fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
