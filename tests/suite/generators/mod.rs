//! Generators: labels are right by construction, and here a validator that shares nothing with them says
//! so, of every rule, over many draws, shrunk ones included.

mod cells;
mod draws;
mod edges;
mod names;
mod policies;
mod validator;
mod values;
mod violations;
mod wire;
