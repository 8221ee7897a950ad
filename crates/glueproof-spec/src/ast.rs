//! The files as they are written: Smithy 2.0 JSON AST with our traits, in strict serde structs.
//! Shapes only; editions, targets and bounds are resolved in `load.rs`.

use indexmap::IndexMap;
use serde::Deserialize;

use super::ast_traits::TraitsAst;

/// One file of shapes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Always `2.0`.
    pub smithy: String,
    /// Shapes by absolute id.
    pub shapes: IndexMap<String, ShapeAst>,
}

/// A reference to a shape.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeReference {
    /// Absolute shape id.
    pub target: String,
}

/// A member of a structure, list or enum.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberAst {
    /// Absolute shape id.
    pub target: String,
    /// Traits of the member alone.
    #[serde(default)]
    pub traits: TraitsAst,
}

/// A shape of any type the project uses.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum ShapeAst {
    /// UTF-8 text.
    String {
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// JSON `true` or `false`.
    Boolean {
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// Bytes; base64 in JSON.
    Blob {
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// 32-bit number, or a wider one.
    #[serde(alias = "long")]
    Integer {
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// Number, with a fraction or without.
    Double {
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// Seconds since the epoch on the wire.
    Timestamp {
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// A closed set of strings.
    Enum {
        members: IndexMap<String, MemberAst>,
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// A JSON array.
    List {
        member: Box<MemberAst>,
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// A JSON object whose members are named by the caller.
    Map {
        key: Box<MemberAst>,
        value: Box<MemberAst>,
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// A JSON object with named members.
    Structure {
        #[serde(default)]
        members: IndexMap<String, MemberAst>,
        #[serde(default)]
        traits: Box<TraitsAst>,
    },
    /// One call.
    Operation(Box<OperationAst>),
    /// Something with a lifecycle.
    Resource(Box<ResourceAst>),
    /// The service itself.
    Service(Box<ServiceAst>),
}

/// One call.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationAst {
    /// The input.
    pub input: ShapeReference,
    /// The output.
    pub output: ShapeReference,
    /// The declared errors.
    #[serde(default)]
    pub errors: Vec<ShapeReference>,
    /// Traits.
    #[serde(default)]
    pub traits: TraitsAst,
}

/// A resource and the operations of its life.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceAst {
    /// Members that name one; empty where there is one per account.
    #[serde(default)]
    pub identifiers: IndexMap<String, ShapeReference>,
    /// Makes a new one.
    pub create: Option<ShapeReference>,
    /// Sets it, whether it is there or not.
    pub put: Option<ShapeReference>,
    /// Looks at it.
    pub read: Option<ShapeReference>,
    /// Removes it.
    pub delete: Option<ShapeReference>,
    /// Lists all.
    pub list: Option<ShapeReference>,
    /// Traits.
    #[serde(default)]
    pub traits: TraitsAst,
}

/// The service shape.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAst {
    /// The API's date.
    pub version: String,
    /// Its operations.
    pub operations: Vec<ShapeReference>,
    /// Its resources.
    #[serde(default)]
    pub resources: Vec<ShapeReference>,
    /// Traits.
    #[serde(default)]
    pub traits: TraitsAst,
}

impl ShapeAst {
    /// The traits, whatever the type.
    #[must_use]
    pub fn traits(&self) -> &TraitsAst {
        match self {
            Self::String { traits }
            | Self::Boolean { traits }
            | Self::Blob { traits }
            | Self::Integer { traits }
            | Self::Double { traits }
            | Self::Timestamp { traits }
            | Self::Enum { traits, .. }
            | Self::List { traits, .. }
            | Self::Map { traits, .. }
            | Self::Structure { traits, .. } => traits,
            Self::Operation(operation) => &operation.traits,
            Self::Resource(resource) => &resource.traits,
            Self::Service(service) => &service.traits,
        }
    }
}
