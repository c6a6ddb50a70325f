// Package query understands a question, once, for everything that answers it:
// Parse tells its kind ("who", "how many"), its terms, names, figures and
// quoted phrases, whose words it asks for, and whether it is about now.
//
// A Matcher compares texts with a question. It shares out the question's
// rarity among its terms (the inverse document frequency of BM25) and reports
// as a Match how much of that rarity a text contains, and what the text has
// that the question does not: figures, names, dates and words whose vectors
// lie near to what is asked for.
package query
