//! The progress of a comparison, as events for a display.

/// An event of a comparison.
#[derive(Debug, Clone, Copy)]
pub enum ComparisonEvent<'s> {
    /// The comparison begins; the number of rules.
    Begun(usize),
    /// A rule was compared.
    Compared {
        /// Set if the targets differ.
        differs: bool,
    },
    /// Shrinking begins; the number of causes.
    Shrinking(usize),
    /// A cause was shrunk.
    Shrunk,
    /// A resource could not be removed.
    Leftover(&'s str),
}
