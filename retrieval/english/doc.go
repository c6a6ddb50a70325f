// Package english holds what the program knows of the English language:
// months and number words, units, verbs of reporting, titles and offices,
// names of countries, abbreviations, phrases of page furniture. It is data,
// in text files under en/, one folder a language; the code only loads it.
// Every list has one place here, so that no two parts of the program can
// disagree on what a month or a verb of speech is.
//
// # Files
//
// A file holds sections. A section begins with its name in brackets, then
// come comments, examples and entries, a line each:
//
//	# Lines that begin with "# " are comments.
//	[fraction] Parts of one, by the word that names them.
//	+ half quarters
//	- one
//	0.5: half halves
//	0.25: quarter quarters
//
// A line "+ ..." gives examples that belong to the section and a line "- ..."
// examples that do not; the package's test checks them. What the other lines
// mean depends on the section's kind:
//
//   - a [Set] of words: the words, separated by spaces;
//   - [Groups] of words: the same, each line being a group;
//   - [Pairs] of opposites: "left words | right words";
//   - a [Map] from words to a name or a number: "value: words";
//   - [Phrases]: a phrase a line, of one word or more;
//   - [PhraseMap]: "value: phrase, phrase";
//   - [Rules]: "rule reason words", followed by lists "name: phrase; phrase".
//
// Words and phrases are written as they are looked up: folded as by package
// words (lower case, no accents, no full stops in initials, plain
// apostrophes), unless the section says otherwise.
//
// The entries earn their place: a test over the evaluation sets lists those
// that no text holds. A comment "# Kept: …" in a section says why its entries
// stay all the same.
//
// # Adding a section
//
// Write it into the file of its subject, with a comment that says what it is
// for and with examples of both sorts. Declare it in the Go file of the same
// subject, with one line and a comment. The test fails for a section without
// a declaration, a declaration without a section, and a section without
// examples. Lists of words in Go files elsewhere are refused by
// internal/importtest.
//
// Everything is read at first use and then shared; all of it may be used from
// many goroutines, and must not be changed.
package english
