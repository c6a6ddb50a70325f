package bot

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"verbatim/bot/discord"
	"verbatim/internal/settings"
	"verbatim/retrieval"
)

// Errors of Run for a token that cannot be one. Each carries a sentence that
// says what to do.
var (
	ErrNoToken = errors.New("no Discord token: create a bot at https://discord.com/developers/applications, and put its token into the environment variable DISCORD_TOKEN")
	ErrForm    = errors.New("DISCORD_TOKEN holds a space, a line break or another character that no token has: copy it again from the Bot page of https://discord.com/developers/applications")
)

// SettingsStore keeps settings and feedback; *settings.Store is one. It is
// called from many goroutines.
type SettingsStore interface {
	// Settings returns those of a server, the zero value for an unknown one.
	Settings(ctx context.Context, server string) (settings.Server, error)
	// UpdateSettings changes them in one step and returns what they are now. An
	// error of change changes nothing and is returned, wrapped or not.
	UpdateSettings(ctx context.Context, server string, change func(*settings.Server) error) (settings.Server, error)
	// Welcome marks a server as greeted and reports whether it was not before.
	Welcome(ctx context.Context, server string) (first bool, err error)
	// AddFeedback keeps what a user, given by id, says of an answer, in place of
	// what the same user said of it before.
	AddFeedback(ctx context.Context, user string, f settings.Feedback) error
	// KeptOf counts what is kept of a user, given by id.
	KeptOf(ctx context.Context, user string) (settings.Kept, error)
	// ForgetUser deletes what is kept of a user, given by id, and returns how
	// many entries it was.
	ForgetUser(ctx context.Context, user string) (int, error)
	// AddUnanswered keeps that a user, given by id, put a question on a server
	// that was not answered.
	AddUnanswered(ctx context.Context, server, user, question string) error
	// Unanswered lists such questions of a server that at least two users put.
	Unanswered(ctx context.Context, server string, limit int) ([]settings.Unanswered, error)
	// Servers lists the servers that have settings.
	Servers(ctx context.Context) ([]string, error)
	// ForgetServer deletes the settings of a server and the feedback given in
	// it; for an unknown one it does nothing.
	ForgetServer(ctx context.Context, server string) error
}

// Library takes in and takes out the articles of one server. It is called
// from many goroutines.
type Library interface {
	// Ingest reads a text file or JSON Lines by the name of the attachment
	// that it came as.
	Ingest(ctx context.Context, server, name string, data []byte) (retrieval.Report, error)
	// Remove takes out an article that this server ingested, by its bare ID;
	// retrieval.ErrNotFound for any other.
	Remove(ctx context.Context, server, id string) error
}

// Queue bounds the questions that wait and are worked on; a zero field means the
// default.
type Queue struct {
	Total     int // questions that wait at most, over all servers; default 1,000
	PerServer int // of one server; default 100
	Workers   int // questions worked on at a time; default 4
}

// Options are what the bot is made of. Token, Desk and Settings are required.
type Options struct {
	Token  string // with or without "Bot " before it
	APIURL string // of a server that speaks Discord's protocol; "" is Discord
	// MessageContent asks for the privileged intent of that name. Without it
	// there are no ask channels, and a thread is followed only by mentions.
	MessageContent bool
	Shards         discord.Shards
	// DevServer, if set, is the only server that commands are registered
	// to, where they appear at once.
	DevServer string
	Thread    settings.ThreadMode // if a server has no setting

	// Desk returns what answers now: the articles that serve may change.
	Desk     func(ctx context.Context) (Desk, error)
	Settings SettingsStore
	Library  Library // nil: no /ingest and /remove
	// Limits are questions a minute; 0 means 12 of a user, 60 in a channel and
	// 120 in a server. Moderators may set lower or higher ones for their server,
	// up to ten times these.
	Limits settings.Limits
	Queue  Queue
	// Retention is how long Settings keeps feedback, for /privacy; 0 means until
	// it is deleted.
	Retention time.Duration
	// KeepUnanswered is how long Settings keeps questions without an answer; 0
	// keeps none.
	KeepUnanswered time.Duration
	// KeepRemoved is how long the data of a server is kept after the bot was
	// removed from it; default 7 days.
	KeepRemoved time.Duration
	// Grace is how long a stopping bot goes on answering what was asked and
	// sending it; default 8 s, less than the 10 s that Docker waits.
	Grace time.Duration

	Log       *slog.Logger
	Now       func() time.Time
	Transport http.RoundTripper // of REST requests; nil is a default one
	// Dial opens the connections to the gateway; nil is the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Ready, if set, is called when all shards have connected for the first
	// time.
	Ready func()
}

func (o Options) withDefaults() Options {
	o.Token = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(o.Token), "Bot "))
	number := func(n *int, def int) {
		if *n <= 0 {
			*n = def
		}
	}
	number(&o.Limits.User, 12)
	number(&o.Limits.Channel, 60)
	number(&o.Limits.Server, 120)
	number(&o.Queue.Total, 1000)
	number(&o.Queue.PerServer, 100)
	number(&o.Queue.Workers, 4)
	if o.Thread == settings.ThreadDefault {
		o.Thread = settings.ThreadReply
	}
	if o.KeepRemoved <= 0 {
		o.KeepRemoved = 7 * 24 * time.Hour
	}
	if o.Grace <= 0 {
		o.Grace = 8 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// checkToken returns ErrNoToken or ErrForm for what can be no token.
func (o *Options) checkToken() error {
	switch {
	case o.Token == "":
		return ErrNoToken
	case strings.ContainsFunc(o.Token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return ErrForm
	}
	return nil
}

// client is how a client speaks to the server of o.
func (o *Options) client() discord.Config {
	return discord.Config{Token: o.Token, URL: o.APIURL, Transport: o.Transport, Log: o.Log, Now: o.Now}
}
