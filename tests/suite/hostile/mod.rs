//! Targets that do not behave: silent, broken, endless, dying. The program must say what is wrong in one
//! line or in its report, end soon, and blame nobody for what it could not see.

mod dying;
mod inconvenient;
mod partly;
mod silent;
mod undecryptable;
