package discordtest

import (
	"encoding/json"
	"strconv"
	"strings"
)

func (s *Server) routes() map[string]endpoint {
	r := map[string]endpoint{
		"GET /gateway":                     s.getGateway,
		"GET /gateway/bot":                 s.getGatewayBot,
		"GET /users/@me":                   func(*exchange) (int, any, error) { return 200, s.BotUser(), nil },
		"GET /users/{user}":                s.getUser,
		"GET /users/@me/guilds":            s.listGuilds,
		"DELETE /users/@me/guilds/{guild}": s.leaveGuild,
		"POST /users/@me/channels":         s.createDM,
		"GET /applications/@me":            s.getApplication,
		"GET /oauth2/applications/@me":     s.getApplication,

		"GET /guilds/{guild}":                s.getGuild,
		"GET /guilds/{guild}/channels":       s.getGuildChannels,
		"GET /guilds/{guild}/roles":          s.getRoles,
		"GET /guilds/{guild}/members/{user}": s.getMember,

		"GET /channels/{channel}":                                          s.getChannel,
		"PATCH /channels/{channel}":                                        s.patchChannel,
		"GET /channels/{channel}/messages":                                 s.listMessages,
		"POST /channels/{channel}/messages":                                s.postMessage,
		"GET /channels/{channel}/messages/{message}":                       s.getMessage,
		"PATCH /channels/{channel}/messages/{message}":                     s.patchMessage,
		"DELETE /channels/{channel}/messages/{message}":                    s.deleteMessage,
		"POST /channels/{channel}/messages/{message}/threads":              s.threadFromMessage,
		"POST /channels/{channel}/threads":                                 s.createThread,
		"PUT /channels/{channel}/thread-members/@me":                       s.joinThread,
		"POST /channels/{channel}/typing":                                  s.postTyping,
		"PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me": s.react,

		"POST /interactions/{id}/{token}/callback":          s.postCallback,
		"POST /webhooks/{app}/{token}":                      s.postFollowup,
		"GET /webhooks/{app}/{token}/messages/{message}":    s.getResponse,
		"PATCH /webhooks/{app}/{token}/messages/{message}":  s.patchResponse,
		"DELETE /webhooks/{app}/{token}/messages/{message}": s.deleteResponse,
	}
	for _, base := range []string{"/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"} {
		r["GET "+base] = s.listCommands
		r["POST "+base] = s.createCommand
		r["PUT "+base] = s.putCommands
		r["GET "+base+"/{command}"] = s.getCommand
		r["PATCH "+base+"/{command}"] = s.patchCommand
		r["DELETE "+base+"/{command}"] = s.deleteCommand
	}
	return r
}

func (s *Server) gatewayURL() string {
	return "ws" + strings.TrimPrefix(s.http.URL, "http") + "/gateway"
}

func (s *Server) getGateway(*exchange) (int, any, error) {
	return 200, object{"url": s.gatewayURL()}, nil
}

func (s *Server) getGatewayBot(*exchange) (int, any, error) {
	return 200, object{"url": s.gatewayURL(), "shards": s.opts.Shards, "session_start_limit": object{
		"total": s.opts.SessionStarts, "remaining": s.opts.SessionRemaining, "reset_after": 14400000,
		"max_concurrency": s.opts.MaxConcurrency}}, nil
}

func (s *Server) getUser(x *exchange) (int, any, error) {
	if x.val("user") == s.opts.AppID {
		return 200, s.BotUser(), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.guilds {
		for _, m := range g.Members {
			if m.User.ID == x.val("user") {
				return 200, m.User, nil
			}
		}
	}
	return 0, nil, notFound(10013, "User")
}

// intent flags of an application, "limited" as the portal sets them for small bots.
func (s *Server) appFlags() int {
	flags := 0
	for bit, flag := range map[int]int{1 << 8: 1 << 13, 1 << 1: 1 << 15, 1 << 15: 1 << 19} {
		if s.opts.PrivilegedIntents&bit != 0 {
			flags |= flag
		}
	}
	return flags
}

func (s *Server) getApplication(*exchange) (int, any, error) {
	s.mu.Lock()
	guilds := len(s.guilds)
	s.mu.Unlock()
	return 200, object{"id": s.opts.AppID, "name": s.opts.Name, "icon": nil, "description": "", "bot": s.BotUser(),
		"bot_public": true, "bot_require_code_grant": false, "verify_key": strings.Repeat("0", 64),
		"flags": s.appFlags(), "approximate_guild_count": guilds, "owner": User{ID: "1", Username: "owner", Discriminator: "0"}}, nil
}

func (s *Server) listGuilds(*exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []object{}
	for _, id := range s.guildOrder {
		list = append(list, object{"id": id, "name": s.guilds[id].Name, "owner": false, "features": []any{}, "icon": nil,
			"permissions": strconv.FormatInt(DefaultPermissions, 10)})
	}
	return 200, list, nil
}

func (s *Server) leaveGuild(x *exchange) (int, any, error) {
	if _, err := s.guildFor(x); err != nil {
		return 0, nil, err
	}
	s.Dispatch(s.RemoveGuild(x.val("guild")))
	return 204, nil, nil
}

func (s *Server) guildFor(x *exchange) (*Guild, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.guilds[x.val("guild")]; g != nil {
		return g, nil
	}
	return nil, notFound(10004, "Guild")
}

func (s *Server) getGuild(x *exchange) (int, any, error) {
	g, err := s.guildFor(x)
	if err != nil {
		return 0, nil, err
	}
	return 200, s.guildObject(g, false), nil
}

func (s *Server) getGuildChannels(x *exchange) (int, any, error) {
	g, err := s.guildFor(x)
	if err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []object{}
	for _, c := range s.sortedChannels(g.ID) {
		if c.Type != ChannelThread {
			list = append(list, s.channelObject(c))
		}
	}
	return 200, list, nil
}

func (s *Server) getRoles(x *exchange) (int, any, error) {
	g, err := s.guildFor(x)
	if err != nil {
		return 0, nil, err
	}
	return 200, g.Roles, nil
}

func (s *Server) getMember(x *exchange) (int, any, error) {
	g, err := s.guildFor(x)
	if err != nil {
		return 0, nil, err
	}
	if x.val("user") == s.opts.AppID {
		return 200, s.botMember(g.ID), nil
	}
	for _, m := range g.Members {
		if m.User.ID == x.val("user") {
			return 200, m, nil
		}
	}
	return 0, nil, notFound(10007, "Member")
}

func (s *Server) createDM(x *exchange) (int, any, error) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if json.Unmarshal(x.body, &body) != nil || body.Recipient == "" {
		return 0, nil, errForm
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return 200, s.channelObject(s.dm(User{ID: body.Recipient, Username: "user" + body.Recipient, Discriminator: "0"})), nil
}

// dm returns the direct channel with a user, making it where there is none; the lock is held.
func (s *Server) dm(u User) *Channel {
	for _, c := range s.channels {
		if c.Type == ChannelDM && len(c.Recipients) > 0 && c.Recipients[0].ID == u.ID {
			return c
		}
	}
	c := &Channel{ID: s.newID(), Type: ChannelDM, Recipients: []User{u}, Permissions: everyPermission}
	s.channels[c.ID] = c
	return c
}

// DM returns the direct channel with a user, making it where there is none.
func (s *Server) DM(u User) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.dm(u)
}
