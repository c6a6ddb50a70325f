// Package words decides what a token, a stem and a sentence are. Indexing,
// ranking and quoting all ask it, so that they agree.
package words
