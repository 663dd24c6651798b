// The module Model.
