// Package retrieval is the engine: it reads articles, cuts them into
// passages, keeps them in a store and ranks them for a question.
package retrieval
