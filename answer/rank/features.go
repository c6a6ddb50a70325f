package rank

import (
	"slices"

	passagerank "verbatim/retrieval/rank"
)

// featureList is a vector of features in the making. A value is added together
// with the name of its feature, so that no two can be exchanged by mistake.
type featureList struct {
	names  []string
	values []float64
	next   int // index of the name that is expected next
}

func newFeatureList(names []string) *featureList {
	return &featureList{names: names, values: make([]float64, len(names))}
}

// add sets the value of the named feature, which must be one of the names of
// the list. It is fastest in their order.
func (f *featureList) add(name string, value float64) {
	i := f.next
	if i >= len(f.names) || f.names[i] != name {
		i = slices.Index(f.names, name)
	}
	f.values[i] = value
	f.next = i + 1
}

func (f *featureList) features() passagerank.Features {
	return passagerank.Features{Names: f.names, Values: f.values}
}

// indicator returns 1 if b is true, else 0.
func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
