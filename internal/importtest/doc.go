// Package importtest holds the rules of the source tree as tests: who may
// import whom, which packages may use libraries, flags and the environment, and
// how long a file or a function may be. It has no code of its own.
package importtest
