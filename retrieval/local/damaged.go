package local

import (
	"context"
	"slices"
	"sync"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// damagedArticles are the revisions that could not be read.
type damagedArticles struct {
	mu  sync.Mutex
	ids map[string]string // the server of each, "" if it is not known
}

// noteDamaged remembers a revision that cannot be read, of a server that is not
// known.
func (s *Store) noteDamaged(id string, why error) { s.noteDamagedOf(id, "", why) }

// noteDamagedOf remembers a revision that cannot be read, and tells the log once.
func (s *Store) noteDamagedOf(id, server string, why error) {
	s.damaged.mu.Lock()
	defer s.damaged.mu.Unlock()
	if _, known := s.damaged.ids[id]; known {
		return
	}
	if s.damaged.ids == nil {
		s.damaged.ids = map[string]string{}
	}
	s.damaged.ids[id] = server
	s.log.Warn("leave out a damaged article", "article", id, "err", why)
}

// leaveOut takes a revision that cannot be indexed out of the live articles. It
// is called by the worker.
func (s *Store) leaveOut(id string, why error) {
	s.noteDamaged(id, why)
	bare, _ := corpus.SplitID(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live.remove(bare)
}

// forgetDamaged forgets what was removed or stored again.
func (s *Store) forgetDamaged(bare ...string) {
	s.damaged.mu.Lock()
	defer s.damaged.mu.Unlock()
	for id := range s.damaged.ids {
		if b, _ := corpus.SplitID(id); slices.Contains(bare, b) {
			delete(s.damaged.ids, id)
		}
	}
}

// Stats implements retrieval.Store.
func (s *Store) Stats(ctx context.Context, f retrieval.Filter) (retrieval.Stats, error) {
	stats, err := s.searcher.Stats(ctx, f)
	if err != nil {
		return stats, err
	}
	s.damaged.mu.Lock()
	defer s.damaged.mu.Unlock()
	for id, server := range s.damaged.ids {
		if f.Scope.All || server == "" || server == f.Scope.Server {
			stats.Unreadable = append(stats.Unreadable, id)
		}
	}
	slices.Sort(stats.Unreadable)
	return stats, nil
}
