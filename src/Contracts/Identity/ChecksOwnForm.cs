namespace Lizhou.Contracts.Identity;

/// <summary>On a route that checks the antiforgery token of a form itself, before it does anything: it streams a large upload,
/// which reading the form beforehand would take away from it.</summary>
public sealed record ChecksOwnForm;
