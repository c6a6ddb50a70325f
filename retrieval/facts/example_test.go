package facts_test

import (
	"fmt"

	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

func ExampleReader() {
	vocabulary := words.NewVocabulary(words.NewStemmer())
	var reader facts.Reader
	f := reader.Read(vocabulary.View("More than 1,000 soldiers fled into Tajikistan on Sunday because of the fighting."))
	for _, n := range f.Figures {
		fmt.Println(n.Value, n.Bound == facts.More, f.Span(n.Counts.From, n.Counts.To))
	}
	for fact := range f.Find(facts.KindPlace | facts.KindDate | facts.KindReason) {
		fmt.Println(f.Span(fact.From, fact.To))
	}
	fmt.Println(f.Has(facts.KindPerson))
	// Output:
	// 1000 true soldiers fled
	// Sunday
	// Tajikistan
	// because of
	// false
}
