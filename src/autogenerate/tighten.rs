//! What a script asks of the rows that are there.

use crate::autogenerate::script::Step;
use crate::catalog::Id;

/// Something that becomes stricter than it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tightening {
    /// The changes that it may be told with; the first that is there is the one.
    pub(crate) ids: Vec<Id>,
    /// What becomes stricter, in words.
    pub(crate) what: String,
    /// The query for the rows that don't fit.
    pub(crate) query: String,
    /// What helps against it.
    pub(crate) help: Option<&'static str>,
    /// Whether what has to be filled in says the same.
    pub(crate) is_told: bool,
}

impl Tightening {
    /// Finds the step that asks for it.
    pub(crate) fn step<'s>(&self, steps: &'s mut [Step]) -> Option<&'s mut Step> {
        let serves = |id: &Id| steps.iter().position(|step| step.serves.contains(id));
        let table = self.ids.last().and_then(Id::own_table);
        let is_near = |step: &Step| step.serves.iter().any(|id| id.own_table() == table);
        let at = self.ids.iter().find_map(serves).or_else(|| steps.iter().position(is_near))?;
        steps.get_mut(at)
    }

    /// Says it above a statement.
    pub(crate) fn comment(&self) -> String {
        format!("Fails if rows don't fit: {}. To find them: {}", self.what, self.query)
    }

    /// Says it in a warning.
    pub(crate) fn warning(&self) -> String {
        let help = self.help.map(|help| format!("; {help}")).unwrap_or_default();
        format!("fails if rows don't fit: {}; `{}` finds them{help}", self.what, self.query)
    }
}
