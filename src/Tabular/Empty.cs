namespace Lizhou.Tabular; internal static class Empty;
