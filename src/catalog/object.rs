//! Objects and their attributes.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Attribute, Id};

#[derive(Debug, Clone)]
pub struct Value {
    pub written: String,
    /// The normal form, by which values are compared.
    pub normal: String,
    /// The names, if the value is a list of names.
    pub list: Vec<String>,
}

impl Value {
    /// Makes a value from a text and the normal form of it.
    pub fn new(written: impl Into<String>, normal: impl Into<String>) -> Self {
        Self { written: written.into(), normal: normal.into(), list: Vec::new() }
    }

    /// Makes a value that is compared exactly as it is written.
    pub fn exact(text: impl Into<String>) -> Self {
        let written = text.into();
        Self::new(written.clone(), written)
    }

    pub fn push(&mut self, name: String) {
        for text in [&mut self.written, &mut self.normal] {
            let comma = if text.is_empty() { "" } else { ", " };
            *text += comma;
            *text += &name;
        }
        self.list.push(name);
    }

    #[must_use]
    pub fn with_list(self, list: impl IntoIterator<Item = impl ToString>) -> Self {
        Self { list: list.into_iter().map(|it| it.to_string()).collect(), ..self }
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
    /// The object's kind and names.
    pub id: Id,
    /// The table or view with which the object goes.
    pub parent: Option<Id>,
    /// The object's position in the order in which a reader found the objects.
    pub place: usize,
    /// The object's properties by name.
    pub attributes: BTreeMap<Attribute, Value>,
    /// Facts on the object by name that are not compared.
    pub aside: BTreeMap<Attribute, String>,
    /// The objects that must exist before this one.
    pub needs: BTreeSet<Id>,
    /// The statement that creates the object, or its text within that of its table.
    pub sql: Option<String>,
}

impl Object {
    /// Makes an object without attributes.
    pub fn new(id: Id) -> Self {
        let (attributes, needs) = (BTreeMap::new(), BTreeSet::new());
        Self { id, parent: None, place: 0, attributes, aside: BTreeMap::new(), needs, sql: None }
    }

    pub fn set(&mut self, attribute: Attribute, value: Value) {
        self.attributes.insert(attribute, value);
    }

    /// Sets a flag attribute, if its condition holds.
    pub fn set_if(&mut self, attribute: Attribute, value: Option<Value>) {
        self.attributes.extend(value.map(|value| (attribute, value)));
    }

    /// Returns the normal form of an attribute; empty if it is not set.
    pub fn normal(&self, attribute: Attribute) -> &str {
        self.attributes.get(attribute).map_or("", |it| &it.normal)
    }

    /// Returns an attribute as it is written; empty if it is not set.
    pub fn written(&self, attribute: Attribute) -> &str {
        self.attributes.get(attribute).map_or("", |it| &it.written)
    }

    pub fn says(&self, attribute: Attribute) -> bool {
        self.attributes.contains_key(attribute)
    }

    pub fn list(&self, attribute: Attribute) -> &[String] {
        self.attributes.get(attribute).map_or(&[], |it| &it.list)
    }

    /// Returns what is known of the object and is not compared; empty if it is not set.
    pub fn aside(&self, attribute: Attribute) -> &str {
        self.aside.get(attribute).map_or("", String::as_str)
    }

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
