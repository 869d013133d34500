@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Finds a JDK 25 or later and sets SGCSIGN_JAVA.
set "SGCSIGN_JAVA="
for %%H in ("%SGCSIGN_JAVA_HOME%" "%JAVA_HOME%") do call :try "%%~H\bin\java.exe"
if not defined SGCSIGN_JAVA for /f "delims=" %%J in ('where java 2^>nul') do call :try "%%J"
if not defined SGCSIGN_JAVA for /d %%D in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*") do call :try "%%~D\bin\java.exe"
if defined SGCSIGN_JAVA exit /b 0
echo sgcsign needs Java 25 or later and found none. 1>&2
echo   to mend: winget install EclipseAdoptium.Temurin.25.JDK, or point JAVA_HOME at a JDK 25. 1>&2
exit /b 1

:try
if defined SGCSIGN_JAVA exit /b 0
if not exist "%~1" exit /b 0
for /f "tokens=3" %%V in ('""%~1" -version 2^>^&1 ^| findstr /i version"') do for /f "tokens=1 delims=." %%M in ("%%~V") do if %%M GEQ 25 set "SGCSIGN_JAVA=%~1"
exit /b 0
