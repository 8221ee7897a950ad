//! Targets that do not behave: silent, broken, endless, dying. The program must say what is wrong in one
//! line or in its report, end soon, and blame no rule for a response that it could not read.

mod dying;
mod inconvenient;
mod partly;
mod silent;
mod undecryptable;
