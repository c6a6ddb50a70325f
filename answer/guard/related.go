package guard

import (
	"sync"

	"verbatim/retrieval/wordnet"
)

// network is the network of words; nil if the program was built without its
// data, as a test of package wordnet would show.
var network = sync.OnceValue(func() *wordnet.Net {
	net, err := wordnet.New()
	if err != nil {
		return nil
	}
	return net
})

// supports reports whether a quote holds w, a near synonym, or a word that is
// related to it in WordNet and not its opposite. It serves to recognise a
// paraphrase, never to accept a figure or a name.
func (e *evidence) supports(w *word) bool {
	if e.has(w) {
		return true
	}
	net := network()
	if net == nil {
		return false
	}
	e.findLemmas(net)
	lemma := net.Lemma(w.Text)
	if e.lemmas[lemma] {
		return true
	}
	for other, relation := range net.Related(lemma) {
		if relation != wordnet.Antonym && e.lemmas[other] {
			return true
		}
	}
	return false
}

// synonyms reports whether two words say the same: forms of one word, near
// synonyms of news, or synonyms in WordNet.
func synonyms(a, b *word) bool {
	if a.Base == b.Base || a.canon == b.canon {
		return true
	}
	net := network()
	if net == nil {
		return false
	}
	lemma := net.Lemma(b.Text)
	for other, relation := range net.Related(net.Lemma(a.Text)) {
		if relation == wordnet.Synonym && other == lemma {
			return true
		}
	}
	return false
}

// findLemmas collects the lemmas of the quotes' words of content.
func (e *evidence) findLemmas(net *wordnet.Net) {
	if e.lemmas != nil {
		return
	}
	e.lemmas = make(map[string]bool)
	for _, q := range e.quotes {
		for i := range q.words {
			if w := &q.words[i]; w.content {
				e.lemmas[net.Lemma(w.Text)] = true
			}
		}
	}
}
