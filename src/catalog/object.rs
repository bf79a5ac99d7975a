//! Objects and their attributes.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Id;

/// The name of something that is said of an object. Each engine has its own ones.
pub type Attribute = &'static str;

/// The type of a column, with every engine.
pub const TYPE: Attribute = "type";

/// What an attribute says.
#[derive(Debug, Clone)]
pub struct Value {
    /// The text as it is written.
    pub written: String,
    /// The text that is compared.
    pub normal: String,
}

impl Value {
    /// Takes a text, and the form of it that is compared.
    pub fn new(written: impl Into<String>, normal: impl Into<String>) -> Self {
        Self { written: written.into(), normal: normal.into() }
    }

    /// Takes a text that is compared as it is.
    pub fn exact(text: impl Into<String>) -> Self {
        let written = text.into();
        Self { normal: written.clone(), written }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.normal == other.normal
    }
}

impl Eq for Value {}

/// An object of a database; equal to another by its id and its attributes.
#[derive(Debug, Clone)]
pub struct Object {
    /// The kind and the names.
    pub id: Id,
    /// The table or view with which the object goes.
    pub parent: Option<Id>,
    /// The object's place among the parts of its table.
    pub place: usize,
    /// What is said of the object.
    pub attributes: BTreeMap<Attribute, Value>,
    /// The objects that have to be there before this one.
    pub needs: BTreeSet<Id>,
    /// The statement that makes the object, or its text in that of its table.
    pub sql: Option<String>,
}

impl Object {
    /// Makes an object of which nothing is said yet.
    pub fn new(id: Id) -> Self {
        let (attributes, needs) = (BTreeMap::new(), BTreeSet::new());
        Self { id, parent: None, place: 0, attributes, needs, sql: None }
    }

    /// Says something of the object.
    pub fn set(&mut self, attribute: Attribute, value: Value) {
        self.attributes.insert(attribute, value);
    }

    /// Says something of the object, if it is so.
    pub fn set_if(&mut self, attribute: Attribute, value: Option<Value>) {
        self.attributes.extend(value.map(|value| (attribute, value)));
    }

    /// Returns the form in which an attribute is compared; empty if nothing is said.
    pub fn normal(&self, attribute: Attribute) -> &str {
        self.attributes.get(attribute).map_or("", |it| &it.normal)
    }

    /// Returns an attribute as it is written; empty if nothing is said.
    pub fn written(&self, attribute: Attribute) -> &str {
        self.attributes.get(attribute).map_or("", |it| &it.written)
    }

    /// Returns the statement that makes the object.
    pub fn statement(&self) -> &str {
        self.sql.as_deref().unwrap_or_default()
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.attributes == other.attributes
    }
}

impl Eq for Object {}
