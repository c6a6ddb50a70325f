package discordtest

import "time"

// Moment is when a scripted Action happens.
type Moment int

const (
	BeforeHello Moment = iota // instead of Hello, when a socket has opened
	OnIdentify                // instead of READY, when a client has identified
	AfterReady                // right after READY, before the guilds
	OnResume                  // instead of the replay and RESUMED
	MidStream                 // right after the next dispatched event
)

// Action is something the gateway does at a Moment. Where the moment says
// "instead", only Delay lets what it stands in for follow.
type Action struct {
	kind      int
	code      int
	text      string
	resumable bool
	release   <-chan struct{}
	delay     time.Duration
	raw       []byte
}

const (
	actReconnect = iota
	actInvalid
	actClose
	actCut
	actSilent
	actDelay
	actSend
)

// Reconnect sends op 7; the session can be resumed.
func Reconnect() Action { return Action{kind: actReconnect} }

// InvalidSession sends op 9; unless resumable, the session is gone.
func InvalidSession(resumable bool) Action { return Action{kind: actInvalid, resumable: resumable} }

// CloseWith closes the socket with a code of the gateway (4004 bad token, 4014
// disallowed intents …). The codes that end a session end it.
func CloseWith(code int, text string) Action { return Action{kind: actClose, code: code, text: text} }

// Cut closes the TCP connection without a close frame.
func Cut() Action { return Action{kind: actCut} }

// Silence says nothing more on this connection and never closes it.
func Silence() Action { return Action{kind: actSilent} }

// Delay holds everything on this connection back for d.
func Delay(d time.Duration) Action { return Action{kind: actDelay, delay: d} }

// DelayUntil holds everything on this connection back until release is closed.
func DelayUntil(release <-chan struct{}) Action { return Action{kind: actDelay, release: release} }

// SendRaw sends these bytes as a text frame, JSON or not.
func SendRaw(frame []byte) Action { return Action{kind: actSend, raw: frame} }

// At queues actions: each happens once, in order, one for every time that the
// moment comes, on whichever connection it comes first.
func (s *Server) At(m Moment, actions ...Action) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[m] = append(s.scripts[m], actions...)
}

// WithholdAcks makes the gateway ignore heartbeats (true) or acknowledge them (false).
func (s *Server) WithholdAcks(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noAcks = on
}

// Do does an action at once on every open connection.
func (s *Server) Do(a Action) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.act(a)
	}
}

// take returns the next action of a moment; the lock is held.
func (s *Server) take(m Moment) (Action, bool) {
	q := s.scripts[m]
	if len(q) == 0 {
		return Action{}, false
	}
	s.scripts[m] = q[1:]
	return q[0], true
}
