using Lizhou.Kernel;

namespace Lizhou.Identity;

/// <summary>Who may come in: accounts, sessions, roles, tokens.</summary>
public sealed class IdentityModule : Module;
